import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length } from 'class-validator';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { Problems, validBody } from '#platform';

import { RecordPath } from '../master-data/list.dto.ts';
import { Erasures } from './erasures.ts';

/** Body of `POST /v1/admin/persons/{id}/erase`. */
export class EraseBody {
  @ApiProperty({
    type: [String],
    required: false,
    maxItems: 20,
    items: { type: 'string', minLength: 3, maxLength: 200 },
    example: ['kim.sommer@uni.example'],
    description: 'Further words that stand for the person, wherever they were written.',
  })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(20, { message: 'must have at most 20 words' })
  @IsString({ each: true })
  @Length(3, 200, { each: true, message: 'must have words of 3 to 200 characters' })
  also?: string[];
}

/** Answer of `POST /v1/admin/persons/{id}/erase`. */
export class ErasureDocument {
  @ApiProperty({ format: 'uuid', example: '01a20a4c-eaab-711c-a76d-83293e9687d2' }) id!: string;
  @ApiProperty({ example: 'campus-ops' }) person_id!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  requested_at!: Date;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'When the last trace was gone; null while a worker is looking for them.',
  })
  finished_at!: Date | null;
  @ApiProperty({ type: 'integer', example: 0, description: 'Rows of history that named the person.' })
  rows_changed!: number;
}

/** The right to be forgotten. */
@ApiTags('Master data')
@Controller('v1/admin/persons')
@UseGuards(AccessGuard)
@Requires('admin')
export class ErasuresController {
  constructor(private readonly erasures: Erasures) {}

  @Post(':id/erase')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'erasePerson',
    summary: 'Take a person out of the directory and out of history',
    description:
      'The name, the numbers and the role are replaced at once in the directory, and by a worker in alarms, notes, ' +
      'timelines, messages and the simulation feed. Asking again tells how far it is. Refused while a device or a ' +
      'target names the person, or an alarm of theirs is open.',
  })
  @ApiBody({ type: EraseBody })
  @ApiAcceptedResponse({ type: ErasureDocument })
  @Problems(404, 409, 413, 422)
  async erase(
    @Param() { id }: RecordPath,
    @Body(validBody(EraseBody)) { also = [] }: EraseBody,
    @Caller() caller: Principal,
  ): Promise<ErasureDocument> {
    const erasure = await this.erasures.request(id, also, caller.name);
    return {
      id: erasure.id,
      person_id: erasure.personId,
      requested_at: erasure.requestedAt,
      finished_at: erasure.finishedAt,
      rows_changed: erasure.rowsChanged,
    };
  }
}
