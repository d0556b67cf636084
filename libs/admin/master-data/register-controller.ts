import {
  Body,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Put,
  Query,
  Res,
  UseGuards,
  type Type,
} from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';

import { AccessGuard, Requires, type Role } from '#access';
import {
  Conditional,
  ConditionalCreation,
  ETAG_HEADER,
  Precondition,
  Problems,
  SentPrecondition,
  validBody,
  type Register,
  type RegisterRow,
} from '#platform';

import { decodeCursor, encodeCursor, RecordPath, RecordQuery } from './list.dto.ts';

/** One kind of master data, as the controllers differ. */
export interface Kind<Body> {
  /** As in operation ids: `EscalationPolicy`. */
  readonly one: string;
  readonly many: string;
  readonly body: Type<Body>;
  readonly document: Type<object>;
  /** What the answer to a creation has beyond the document. */
  readonly createdDocument?: Type<object>;
  /** Which changes other things can stand in the way of (409). */
  readonly conflicts: 'put' | 'delete';
  /** Who may read it: `viewer`, unless it holds what a wall screen should not show. */
  readonly readers?: Role;
}

/** What became of a PUT, and what of it is shown only now. */
export interface Written<Row> {
  readonly row: Row;
  readonly created: boolean;
  readonly once?: object;
}

const NEXT_CURSOR = {
  'X-Next-Cursor': {
    description: 'There is more: the cursor of the next page.',
    schema: { type: 'string' as const, example: 'bm9ydGg' },
  },
};

/** A row as clients see it: its version is in the ETag. */
export const shown = <Row extends RegisterRow>({ version: _, ...row }: Row): object => row;

/**
 * The controller of one kind of master data, to be extended by a class with its path and its register: list,
 * read, put, delete, all with the same rules.
 */
export function RegisterController<Row extends RegisterRow, Data extends object>(kind: Kind<Data>) {
  const readers = kind.readers ?? 'viewer';
  const name = kind.one.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  const names = kind.many.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  const conflicts = (change: 'put' | 'delete') => (kind.conflicts === change ? ([409] as const) : []);

  @UseGuards(AccessGuard)
  @ApiTags('Master data')
  class Controller {
    constructor(protected readonly register: Register<Row, object>) {}

    @Get()
    @Requires(readers)
    @ApiOperation({ operationId: `list${kind.many}`, summary: `The ${names}, by id` })
    @ApiOkResponse({ type: [kind.document], headers: NEXT_CURSOR })
    @Problems(422)
    async list(
      @Query() { limit, cursor }: RecordQuery,
      @Res({ passthrough: true }) response: Response,
    ): Promise<object[]> {
      // One more than asked for tells whether there is another page.
      const rows = await this.register.list(
        limit + 1,
        cursor === undefined ? undefined : decodeCursor(cursor),
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      if (rows.length > limit && last) response.setHeader('X-Next-Cursor', encodeCursor(last.id));
      return page.map(shown);
    }

    // Not to be stored, because the tag is of what can be edited: a device shows more, its last press.
    @Get(':id')
    @Requires(readers)
    @Header('Cache-Control', 'no-store')
    @ApiOperation({ operationId: `get${kind.one}`, summary: `One ${name}` })
    @ApiOkResponse({ type: kind.document, headers: ETAG_HEADER })
    @Problems(404, 422)
    async read(@Param() { id }: RecordPath, @Res({ passthrough: true }) response: Response): Promise<object> {
      const row = await this.register.get(id);
      response.setHeader('ETag', this.register.tagOf(row));
      return shown(row);
    }

    @Put(':id')
    @Requires('admin')
    @ApiOperation({
      operationId: `put${kind.one}`,
      summary: `Create or replace a ${name}`.replace('a e', 'an e'),
      description: 'The body is the whole of it: what is left out is as if it had never been given.',
    })
    @ApiBody({ type: kind.body })
    @ConditionalCreation()
    @ApiOkResponse({ type: kind.document, headers: ETAG_HEADER, description: 'Replaced.' })
    @ApiCreatedResponse({
      type: kind.createdDocument ?? kind.document,
      headers: ETAG_HEADER,
      description: 'Created.',
    })
    @Problems(...conflicts('put'), 413, 422)
    async put(
      @Param() { id }: RecordPath,
      @Body(validBody(kind.body)) body: Data,
      @SentPrecondition() condition: Precondition,
      @Res({ passthrough: true }) response: Response,
    ): Promise<object> {
      const { row, created, once } = await this.write(id, body, condition);
      response.status(created ? 201 : 200).setHeader('ETag', this.register.tagOf(row));
      return { ...shown(row), ...once };
    }

    @Delete(':id')
    @Requires('admin')
    @HttpCode(204)
    @ApiOperation({
      operationId: `delete${kind.one}`,
      summary: `Delete a ${name}`.replace('a e', 'an e'),
      ...(kind.conflicts === 'delete'
        ? { description: 'Refused while something refers to it; the answer names what does.' }
        : {}),
    })
    @Conditional()
    @ApiNoContentResponse({ description: 'Deleted.' })
    @Problems(404, ...conflicts('delete'), 422)
    async delete(@Param() { id }: RecordPath, @SentPrecondition() condition: Precondition): Promise<void> {
      await this.register.remove(id, condition);
    }

    protected write(id: string, body: Data, condition: Precondition): Promise<Written<Row>> {
      return this.register.put(id, body, condition);
    }
  }
  return Controller;
}
