import { Controller } from '@nestjs/common';

import { Persons, Rooms, Sites, type PersonRow, type RoomRow, type SiteRow } from '#directory';
import { Policies, Targets, type PolicyRow, type TargetRow } from '#escalation';

import { PersonBody, PolicyDescription, RoomBody, SiteBody, TargetBody } from './bodies.dto.ts';
import {
  EscalationPolicyDocument,
  EscalationTargetDocument,
  PersonDocument,
  RoomDocument,
  SiteDocument,
} from './documents.ts';
import { RegisterController } from './register-controller.ts';

@Controller('v1/admin/sites')
export class SitesController extends RegisterController<SiteRow, SiteBody>({
  one: 'Site',
  many: 'Sites',
  body: SiteBody,
  document: SiteDocument,
  conflicts: 'delete',
}) {
  constructor(sites: Sites) {
    super(sites);
  }
}

@Controller('v1/admin/rooms')
export class RoomsController extends RegisterController<RoomRow, RoomBody>({
  one: 'Room',
  many: 'Rooms',
  body: RoomBody,
  document: RoomDocument,
  conflicts: 'delete',
}) {
  constructor(rooms: Rooms) {
    super(rooms);
  }
}

@Controller('v1/admin/persons')
export class PersonsController extends RegisterController<PersonRow, PersonBody>({
  one: 'Person',
  many: 'Persons',
  body: PersonBody,
  document: PersonDocument,
  conflicts: 'delete',
  // Telephone numbers.
  readers: 'responder',
}) {
  constructor(persons: Persons) {
    super(persons);
  }
}

@Controller('v1/admin/escalation-targets')
export class TargetsController extends RegisterController<TargetRow, TargetBody>({
  one: 'EscalationTarget',
  many: 'EscalationTargets',
  body: TargetBody,
  document: EscalationTargetDocument,
  conflicts: 'delete',
  // An address may be a URL that carries a secret.
  readers: 'admin',
}) {
  constructor(targets: Targets) {
    super(targets);
  }
}

@Controller('v1/admin/escalation-policies')
export class PoliciesController extends RegisterController<PolicyRow, PolicyDescription>({
  one: 'EscalationPolicy',
  many: 'EscalationPolicies',
  body: PolicyDescription,
  document: EscalationPolicyDocument,
  conflicts: 'delete',
}) {
  constructor(policies: Policies) {
    super(policies);
  }
}
