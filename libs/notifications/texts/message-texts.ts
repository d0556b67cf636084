import { Injectable, Logger } from '@nestjs/common';

import { Settings } from '#platform';

import { PURPOSES, type AlarmBrief, type Purpose } from '../alarm-brief.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../channels/notification-channel.ts';
import { LANGUAGES } from './languages.ts';
import type { MessageText } from './message-text.ts';
import { lazyText, renderPart, type TextOptions } from './render-text.ts';
import { layersFor, readTemplatesFile, type PurposeSources } from './templates-file.ts';
import { bundledTemplates, compile, type TextTemplate, type TextTemplates } from './text-template.ts';

/** What to say, in the language and with the templates of this installation. */
@Injectable()
export class MessageTexts {
  private readonly logger = new Logger('MessageTexts');
  private readonly options: TextOptions;
  private readonly bundled: TextTemplates;
  private readonly byChannel: ReadonlyMap<ChannelKind, TextTemplates>;

  /** @throws SettingsError when there is something wrong with `TEMPLATES_FILE`. */
  constructor(settings: Settings) {
    const { DEFAULT_LANGUAGE: code, DEFAULT_TIME_ZONE: timeZone, TEMPLATES_FILE: file, BASE_URL } = settings;
    this.options = { language: LANGUAGES[code], timeZone };
    this.bundled = bundledTemplates(LANGUAGES[code]);
    const sources = file === undefined ? {} : readTemplatesFile(file, BASE_URL);
    this.byChannel = new Map(
      CHANNEL_KINDS.map((channel) => [channel, layered(layersFor(sources, code, channel), this.bundled)]),
    );
  }

  /** Never fails because of a template somebody brought along: what matters is that people are told. */
  of(channel: ChannelKind, brief: AlarmBrief): MessageText {
    let templates = this.byChannel.get(channel) ?? this.bundled;
    return lazyText((part) => {
      try {
        return renderPart(part, templates, brief, this.options);
      } catch (error) {
        const purpose = brief.change?.status ?? 'alert';
        this.logger.error(
          { err: error, channel, purpose, alarmId: brief.alarmId },
          'A text of TEMPLATES_FILE failed; the bundled one was sent',
        );
        templates = this.bundled;
        return renderPart(part, templates, brief, this.options);
      }
    });
  }
}

/** Takes each part from the nearest layer that has it. */
function layered(layers: readonly PurposeSources[], bundled: TextTemplates): TextTemplates {
  const partsOf = (purpose: Purpose): TextTemplates[Purpose] => {
    const texts = layers.map((layer) => layer[purpose] ?? {});
    const nearest = (part: 'subject' | 'short' | 'body'): TextTemplate => {
      const source = texts.find((text) => text[part] !== undefined)?.[part];
      return source === undefined ? bundled[purpose][part] : compile(source, part);
    };
    // A page that says something else than the body beside it would be a trap, so whose body it is decides.
    const page = texts.find((text) => text.html !== undefined || text.body !== undefined) ?? bundled[purpose];
    const html = typeof page.html === 'string' ? compile(page.html, 'html') : page.html;
    const plain = { subject: nearest('subject'), short: nearest('short'), body: nearest('body') };
    return html === undefined ? plain : { ...plain, html };
  };
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, partsOf(purpose)])) as TextTemplates;
}
