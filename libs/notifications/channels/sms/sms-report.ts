import type { DeliveryReport } from '../../reports/delivery-reports.ts';
import { showable } from './sms-answer.ts';
import type { SmsReport } from './sms-connector.ts';
import { scalarText, valueAt } from './sms-template.ts';

/** What a provider's report says; nothing for a state in between, or when it is no report at all. */
export function readReport(document: unknown, format: SmsReport): DeliveryReport | undefined {
  const externalRef = scalarText(valueAt(document, format.idPath));
  const said = scalarText(valueAt(document, format.statusPath));
  if (externalRef === undefined || said === undefined || !Object.hasOwn(format.map, said)) return undefined;
  const status = format.map[said];
  const notificationId =
    format.refPath === undefined ? undefined : scalarText(valueAt(document, format.refPath));
  const report = { channel: 'sms', externalRef, notificationId } as const;
  if (status !== 'failed') return status && { ...report, status };
  const why = format.reasonPath === undefined ? undefined : scalarText(valueAt(document, format.reasonPath));
  const words = [said, why]
    .map((word) => word && showable(word))
    .filter(Boolean)
    .join(', ');
  return { ...report, status, reason: `The provider reports: ${words}.` };
}
