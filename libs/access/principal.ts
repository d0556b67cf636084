/** What a key allows: looking; answering alarms as well; everything. Each includes the one before. */
export const ROLES = ['viewer', 'responder', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, once the key has been checked. */
export interface Principal {
  /** The name of the key; stands on the timeline. */
  readonly name: string;
  readonly role: Role;
  /** How the person behind the key wants to be called (`X-Admin-Email`), else the name of the key. */
  readonly displayName: string;
}

export const mayAct = (principal: Pick<Principal, 'role'>, needed: Role): boolean =>
  ROLES.indexOf(principal.role) >= ROLES.indexOf(needed);
