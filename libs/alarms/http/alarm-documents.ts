import { ApiParam, ApiProperty } from '@nestjs/swagger';

import type { AlarmNote } from '../alarm-note.entity.ts';

const count = { type: 'integer' } as const;

/** Documents a handler whose address names an alarm. */
export const AlarmInPath = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the alarm; what is none is answered 404.',
    schema: { type: 'string', format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' },
  });

/** Answer of `GET /v1/alarms/stats`. */
export class AlarmFiguresDocument {
  @ApiProperty({ ...count, example: 12 })
  total!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: count,
    example: { triggered: 1, acknowledged: 2, resolved: 8, cancelled: 1 },
  })
  by_status!: Record<string, number>;

  @ApiProperty({ type: 'object', additionalProperties: count, example: { P0: 10, P1: 2, P2: 0, P3: 0 } })
  by_severity!: Record<string, number>;
}

/** Answer of the bulk calls. */
export class BulkDocument {
  @ApiProperty({ ...count, example: 3, description: 'Different ids in the request.' })
  requested!: number;

  @ApiProperty({ ...count, example: 1 })
  changed!: number;

  @ApiProperty({
    ...count,
    example: 1,
    description: 'Already in that state, or in one that does not allow it.',
  })
  unchanged!: number;

  @ApiProperty({ type: [String], format: 'uuid', example: ['01a20a4c-ea88-7c34-9b49-f2058dc1c76e'] })
  missing!: string[];
}

/** A note as clients see it. */
export class NoteDocument {
  @ApiProperty({ format: 'uuid', example: '01a20a4d-0b52-7e01-8f0e-1b7c5a0f9d11' })
  id!: string;

  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' })
  alarm_id!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  created_at!: Date;

  @ApiProperty({ example: 'Eva' })
  created_by!: string;

  @ApiProperty({ example: 'Spoke with the person; they are well.' })
  note!: string;

  @ApiProperty({ example: 'comment' })
  note_type!: string;
}

export const noteDocument = (note: AlarmNote): NoteDocument => ({
  id: note.id,
  alarm_id: note.alarmId,
  created_at: note.createdAt,
  created_by: note.createdBy,
  note: note.note,
  note_type: note.noteType,
});
