export { Erasure } from './erasure/erasure.entity.ts';
export { AdminModule } from './admin.module.ts';
export { SeedImport } from './seed-import.ts';
