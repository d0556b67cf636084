import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { operationsOf, pointerTo, type ApiDocument, type Operation, type Schema } from './document.ts';

/** A real answer, read to its end. */
export interface RealAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a document promises, held against real answers. */
export class Contract {
  readonly operations: readonly Operation[];
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly met = new Set<string>();

  constructor(document: ApiDocument) {
    this.operations = operationsOf(document);
    formats.default(this.ajv);
    this.ajv.addSchema({ ...closed(document), $id: 'openapi' });
  }

  operation(id: string): Operation {
    const found = this.operations.find(({ operationId }) => operationId === id);
    if (found === undefined) throw new Error(`There is no operation ${id}.`);
    return found;
  }

  /** @returns what in an answer is not as documented; nothing when all of it is. */
  violations(operation: Operation, answer: RealAnswer): string[] {
    const status = String(answer.status);
    const promise = operation.responses[status];
    if (promise === undefined)
      return [`the status ${status} is not documented: ${answer.text.slice(0, 300)}`];
    this.met.add(`${operation.operationId} ${status}`);
    const violations = [];
    if (!answer.headers.has('x-request-id')) violations.push('X-Request-ID is missing');
    for (const [name, { required = false }] of Object.entries(promise.headers ?? {})) {
      if (required && !answer.headers.has(name)) violations.push(`the header ${name} is missing`);
    }
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (promise.content === undefined) {
      if (answer.text !== '') violations.push(`there is a body (${type}) where none is documented`);
    } else if (promise.content[type] === undefined) {
      violations.push(`the media type "${type}" is not documented`);
    } else {
      const schema = `openapi${operation.pointer}${pointerTo('responses', status, 'content', type, 'schema').slice(1)}`;
      violations.push(...this.misfits(schema, type.endsWith('json') ? parsed(answer.text) : answer.text));
    }
    return violations.map((violation) => `${operation.operationId} ${status}: ${violation}`);
  }

  /** Whether an answer with this status has been seen. */
  hasMet(operationId: string, status: number): boolean {
    return this.met.has(`${operationId} ${status}`);
  }

  private misfits(schema: string, value: unknown): string[] {
    const validate = this.validators.get(schema) ?? this.ajv.compile({ $ref: schema });
    this.validators.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

const parsed = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** The same with every object closed: what is not documented must not be there. */
function closed(part: ApiDocument): ApiDocument {
  return JSON.parse(JSON.stringify(part), (_key, value: unknown) =>
    isOpenObject(value) ? { ...value, additionalProperties: false } : value,
  ) as ApiDocument;
}

const isOpenObject = (value: unknown): value is Schema =>
  typeof value === 'object' &&
  value !== null &&
  'properties' in value &&
  typeof value.properties === 'object' &&
  'type' in value &&
  !('additionalProperties' in value);
