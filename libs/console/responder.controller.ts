import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { Alarms, Lifecycle, MAX_ACTOR, MAX_NOTE, type Alarm } from '#alarms';
import { EscalationClock } from '#escalation';
import { BrokerError, cleanLine, logContext, Settings } from '#platform';

import { responderPage, unknownLinkPage, type ResponderView } from './responder-page.tsx';

/**
 * The page behind the link in a message. Looking at it changes nothing, because link previews and mail
 * scanners look at links, too; only its button acknowledges.
 */
@ApiExcludeController()
@Controller('a')
export class ResponderController {
  constructor(
    private readonly alarms: Alarms,
    private readonly lifecycle: Lifecycle,
    private readonly escalations: EscalationClock,
    private readonly settings: Settings,
  ) {}

  @Get(':token')
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const alarm = await this.find(token);
    await this.answer(response, alarm, false);
  }

  @Post(':token')
  @HttpCode(200)
  async acknowledge(
    @Param('token') token: string,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    this.letNtfyRead(response);
    const alarm = await this.find(token);
    if (alarm === undefined) return this.answer(response, undefined, false);
    const changed = await this.lifecycle
      .apply('acknowledge', alarm.id, {
        by: field(body, 'acked_by', MAX_ACTOR),
        actor: null,
        note: field(body, 'note', MAX_NOTE),
        requestId: logContext().requestId ?? null,
      })
      .catch((error: unknown) => {
        // Resolved or cancelled meanwhile: the page says so; that is no error for the person who came to help.
        if (error instanceof BrokerError && error.category === 'conflict') return false;
        throw error;
      });
    await this.answer(response, await this.alarms.get(alarm.id), !changed);
  }

  /**
   * The button of an ntfy message makes the request of our form. In ntfy's web app a browser makes it, and shows a
   * failure unless that page may read the answer. The request needs no preflight: a form is all it sends.
   */
  private letNtfyRead(response: Response): void {
    const { NTFY_BASE_URL } = this.settings;
    if (NTFY_BASE_URL !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', new URL(NTFY_BASE_URL).origin);
    }
  }

  private async find(token: string): Promise<Alarm | undefined> {
    return this.alarms.byAckToken(token).catch((error: unknown) => {
      if (error instanceof BrokerError && error.category === 'not-found') return undefined;
      throw error;
    });
  }

  private async answer(response: Response, alarm: Alarm | undefined, tooLate: boolean): Promise<void> {
    response.set({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
    });
    const page = alarm === undefined ? unknownLinkPage() : responderPage(await this.view(alarm, tooLate));
    response
      .status(alarm === undefined ? 404 : 200)
      .type('html')
      .send(page);
  }

  private async view(alarm: Alarm, tooLate: boolean): Promise<ResponderView> {
    const brief = await this.escalations.briefOf(alarm.id);
    return {
      alarmId: alarm.id,
      status: alarm.status,
      severity: alarm.severity,
      silent: alarm.silent,
      triggeredAt: alarm.createdAt,
      person: brief?.person ?? null,
      role: brief?.role ?? null,
      room: brief?.room ?? alarm.roomId,
      floor: brief?.floor ?? null,
      site: brief?.site ?? null,
      simulated: brief?.simulated ?? this.settings.SIMULATION_ENABLED,
      answeredBy: alarm.resolvedBy ?? alarm.cancelledBy ?? alarm.ackedBy,
      answeredAt: alarm.resolvedAt ?? alarm.cancelledAt ?? alarm.ackedAt,
      tooLate,
    };
  }
}

/** A form field, cut to what we keep: somebody in a hurry is not sent back for a long note. */
function field(body: unknown, name: string, maxLength: number): string | null {
  const value: unknown =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  const text = typeof value === 'string' ? cleanLine(value, maxLength, ' ') : '';
  return text === '' ? null : text;
}
