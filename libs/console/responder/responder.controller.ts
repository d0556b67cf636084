import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { Situations, type Situation } from '#alarms';
import { BrokerError, Clock, Settings } from '#platform';

import { languageOf } from '../language.ts';
import { answerForm, type AnswerForm } from './answer-form.ts';
import { expiredPage, unknownLinkPage } from './other-pages.tsx';
import { PhoneMemory } from './phone-memory.ts';
import { ResponderAnswers } from './responder-answers.ts';
import { responderPage } from './responder-page.tsx';
import { isExpired, outcomeOf, type Trace, type Visit } from './visit.ts';

/**
 * The page behind the link in a message. Looking at it changes nothing, because link previews and mail
 * scanners look at links, too; only its buttons do.
 */
@ApiExcludeController()
@Controller('a')
export class ResponderController {
  constructor(
    private readonly situations: Situations,
    private readonly answers: ResponderAnswers,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const situation = await this.situations.byLink(token);
    const { name, trace } = this.memoryOf(request, response);
    this.send(request, response, situation && this.visit(request, response, situation, name, trace));
  }

  @Post(':token')
  @HttpCode(200)
  async answer(
    @Param('token') token: string,
    @Body() body: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    this.letNtfyRead(response);
    const form = answerForm(body);
    const before = await this.situations.byLink(token);
    const isTaken = before !== undefined && !isExpired(before, this.clock.now());
    const changed = isTaken && (await this.take(before, form));
    const situation = await this.situations.byLink(token);
    if (situation === undefined) return this.send(request, response, undefined);

    const memory = this.memoryOf(request, response);
    if (form.hasName) memory.keepName(form.name);
    const trace = memory.trace ?? traceOf(form, changed);
    if (trace !== undefined && trace !== memory.trace) memory.keepTrace(token, trace);
    const name = form.hasName ? form.name : memory.name;
    const visit = this.visit(request, response, situation, name, trace);
    this.send(request, response, { ...visit, outcome: outcomeOf(visit, form.action, changed) });
  }

  private async take({ alarm }: Situation, form: AnswerForm): Promise<boolean> {
    return this.answers.take(alarm.id, form).catch((error: unknown) => {
      if (error instanceof BrokerError && error.category === 'not-found') return false;
      throw error;
    });
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

  private memoryOf(request: Request, response: Response): PhoneMemory {
    return new PhoneMemory(request, response, { secure: this.settings.BASE_URL.startsWith('https:') });
  }

  private visit(
    request: Request,
    response: Response,
    situation: Situation,
    name: string | null,
    trace: Trace | undefined,
  ): Visit {
    const language = languageOf(request, response);
    const { DEFAULT_TIME_ZONE: timeZone } = this.settings;
    return { situation, language, timeZone, now: this.clock.now(), name, trace, outcome: undefined };
  }

  private send(request: Request, response: Response, visit: Visit | undefined): void {
    response.set({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
    });
    if (visit === undefined) {
      response
        .status(404)
        .type('html')
        .send(unknownLinkPage(languageOf(request, response)));
    } else if (isExpired(visit.situation, visit.now)) {
      response.type('html').send(expiredPage(visit));
    } else {
      // One script of ours, which asks for nothing but this very page.
      const policy = String(response.getHeader('Content-Security-Policy'));
      response.setHeader('Content-Security-Policy', `${policy};script-src 'self';connect-src 'self'`);
      response.type('html').send(responderPage(visit));
    }
  }
}

function traceOf({ action }: AnswerForm, changed: boolean): Trace | undefined {
  if (!changed) return undefined;
  if (action === 'acknowledge') return 'answered';
  return action === 'on-way' || action === 'there' ? 'came' : undefined;
}
