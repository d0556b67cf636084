import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** One place in a request that is wrong, as documented. */
export class ViolationDocument {
  @ApiProperty({ example: '/note', description: 'JSON pointer into the body, or the name of a parameter.' })
  pointer!: string;

  @ApiProperty({ example: 'must be shorter than or equal to 2000 characters' })
  detail!: string;
}

/** Every error, as documented: RFC 9457. */
export class ProblemDocument {
  @ApiProperty({
    example: 'about:blank',
    description: 'Something else only where a limit was reached: the problem type of the RateLimit draft.',
  })
  type!: string;

  @ApiProperty({ example: 'Not found' })
  title!: string;

  @ApiProperty({ example: 404 })
  status!: number;

  @ApiProperty({ example: 'There is no such alarm.', description: 'One sentence for a person.' })
  detail!: string;

  @ApiProperty({ example: 'alarm.unknown', description: 'Stable, for programs.' })
  code!: string;

  @ApiProperty({
    example: 'd68d5f4c-e5fc-4336-bdb7-147fff0c7de7',
    description: 'The same as in X-Request-ID.',
  })
  request_id!: string;

  @ApiProperty({ type: () => [ViolationDocument], required: false })
  errors?: ViolationDocument[];

  @ApiProperty({
    type: [String],
    required: false,
    example: ['device'],
    description: 'The limits that were reached.',
  })
  'violated-policies'?: string[];
}

const MEANING = {
  400: 'The request is malformed.',
  401: 'The key is missing or wrong.',
  403: 'The key does not have the role, the address is not allowed, or no key is configured on the server.',
  404: 'There is no such thing.',
  409: 'The state of things does not allow it.',
  412: 'Somebody else has changed it meanwhile; read it again.',
  413: 'The body is too large.',
  415: 'The body has another media type than those accepted.',
  422: 'A value is not valid; `errors` names each place.',
  428: 'The request must say which version it changes (If-Match).',
  429: 'Too many; see Retry-After.',
  503: 'The database cannot be reached; see Retry-After.',
} as const;

const header = (description: string, example: string) => ({
  description,
  required: true,
  schema: { type: 'string' as const, example },
});
const RETRY_AFTER = { 'Retry-After': header('Seconds after which to try again.', '17') };

/** What refusals say in headers. */
const HEADERS: Partial<Record<ProblemStatus, Record<string, ReturnType<typeof header>>>> = {
  429: {
    ...RETRY_AFTER,
    'RateLimit-Policy': header('The limit: how often within how many seconds.', '"device";q=10;w=60'),
    RateLimit: header('What is left of it, and after how many seconds there is more.', '"device";r=0;t=17'),
  },
  503: RETRY_AFTER,
};

export type ProblemStatus = keyof typeof MEANING;

/** Documents the refusals of an operation. 503 can always happen and need not be named. */
export function Problems(...statuses: ProblemStatus[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDocument),
    ...[...new Set<ProblemStatus>([...statuses, 503])].map((status) =>
      ApiResponse({
        status,
        description: MEANING[status],
        headers: HEADERS[status] ?? {},
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDocument) } } },
      }),
    ),
  );
}
