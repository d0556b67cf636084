import { applyDecorators, Controller, SetMetadata, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import type { Role } from '#access';

import { PageErrors } from './page-errors.ts';
import { NEEDED_ROLE, VisitGuard } from './visit-guard.ts';

/**
 * Pages of the operators' console. To add one:
 *
 * 1. A controller, registered in `console.http.module.ts`. The role is what looking asks for; what a handler does may
 *    ask for more with `@Needs`.
 *
 *        @ConsolePages('policies', 'viewer')           // below /admin
 *        export class PoliciesPages {
 *          @Get()
 *          async list(@CurrentVisit() visit: Visit): Promise<string> {
 *            return visit.page({ title: WORDS[visit.language].title, content: <PolicyList … /> });
 *          }
 *
 *          @Post(':id/remove') @Needs('admin')
 *          async remove(@CurrentVisit() visit: Visit, @Param('id') id: string): Promise<string> {
 *            …                                         // `visit.fields` is what was sent, `visit.principal` who sent it
 *            return visit.goTo('/admin/policies', { kind: 'good', text: … });
 *          }
 *        }
 *
 * 2. Its words, for every language: `const WORDS: Words<…> = { en: …, de: … }` (`language.ts`).
 * 3. A line in `nav.ts`, if people should find it.
 *
 * Markup is made of `components/`; they know language, rights and form token of the visit (`useView`). A change is a
 * {@link Form}, answered with `goTo`, so that a reload repeats nothing. Whatever is thrown becomes a page: a `BrokerError`
 * says its sentence. Who is not signed in, or no longer, signs in and is led back; what they typed is shown to them again
 * and sent by nobody but themselves. A page that gives `live` is kept up to date: whenever the feed at that address says
 * so it is fetched anew, and what stands in elements marked `data-live="name"` is replaced, child by child (give children
 * that are things a `data-key`). Keep forms that people type in out of those. Nothing inline: the policy of these pages
 * forbids scripts and styles in them.
 */
export const ConsolePages = (path: string, role: Role): ClassDecorator =>
  applyDecorators(
    ApiExcludeController(),
    Controller(path === '' ? 'admin' : `admin/${path}`),
    UseGuards(VisitGuard),
    UseFilters(PageErrors),
    SetMetadata(NEEDED_ROLE, role),
  );

/** What a handler asks for beyond the role of its pages. */
export const Needs = (role: Role): MethodDecorator => SetMetadata(NEEDED_ROLE, role);
