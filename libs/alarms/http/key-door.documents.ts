import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiQuery, getSchemaPath } from '@nestjs/swagger';

import { Problems } from '#platform';

import { ANSWER_FORMATS, PressDocument } from './key-door.ts';

const said = (name: string, example: string, description: string): MethodDecorator =>
  ApiQuery({ name, required: false, schema: { type: 'string', example }, description });

/** Documents a door of the keys: what every one of them takes and answers. */
export const DocumentsPress = (operationId: string, summary: string): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(PressDocument),
    ApiOperation({
      operationId,
      summary,
      // The token of the device is in the address.
      security: [],
      description:
        'Raises an alarm, or adds a press to the one that is under way, and answers after it is kept. ' +
        'GET has an effect here because devices can do nothing else; HEAD has none. No value of a parameter ' +
        'other than the token is ever a reason to refuse: one that cannot be understood counts as left out.',
    }),
    said('event', 'alarm.trigger', 'What happened, in a word. alarm.drill and alarm.test are exercises.'),
    said('mac', '0015651A2B3C', 'Kept with the alarm, like `model`, `ip` and `firmware`.'),
    said('model', 'T54W', 'Kept with the alarm.'),
    said('ip', '10.1.2.3', 'Kept with the alarm.'),
    said('firmware', '96.86.0.100', 'Kept with the alarm.'),
    said('format', 'none', `How to answer: ${ANSWER_FORMATS.join(', ')}. JSON unless it is one of these.`),
    ApiOkResponse({
      description: 'It is kept.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(PressDocument) } },
        'text/plain': { schema: { type: 'string', example: 'OK' } },
        'text/xml': { schema: { type: 'string', example: '<YealinkIPPhoneTextScreen Beep="no">…' } },
      },
    }),
    Problems(400, 403, 404, 409, 429),
  );
