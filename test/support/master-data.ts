import type { World } from './world.ts';

/** Reading and editing master data, by paths as short as `sites/hall`. */
export const masterData = (world: () => World) => {
  const at = (path: string) => `/v1/admin/${path}`;
  const get = (path: string) => world().get(at(path));
  return {
    get,
    put: (path: string, body: object) => world().put(at(path), body),
    remove: (path: string) => world().delete(at(path)),
    tagOf: async (path: string) => (await get(path).expect(200)).headers['etag']!,
  };
};
