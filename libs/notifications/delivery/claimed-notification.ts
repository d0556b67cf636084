import type { AlarmBrief, Purpose } from '../alarm-brief.ts';
import type { ChannelKind } from '../channels/notification-channel.ts';

/** A row this process alone may send until its lease runs out. */
export interface ClaimedNotification {
  readonly id: string;
  readonly alarmId: string;
  readonly purpose: Purpose;
  readonly round: number;
  readonly stepNo: number;
  readonly targetId: string;
  readonly label: string;
  readonly channel: ChannelKind;
  readonly address: string;
  readonly brief: AlarmBrief;
  readonly requestId: string | null;
  /** Of what planned it, where tracing was on. */
  readonly traceParent: string | null;
  /** Counts from 1 over the whole life of the row. */
  readonly attempt: number;
  /** The same since somebody asked for it to be sent again; for the number of retries. */
  readonly tries: number;
  /** Earlier ones of these that may have arrived. */
  readonly ambiguous: number;
  /** Any earlier attempt may have arrived. */
  readonly mayHaveArrived: boolean;
  /** What the first message about this alarm to this address is called there. Known for tickets only. */
  readonly earlierRef: string | null;
  /** By the wall clock of this process, in milliseconds since the epoch: when the claim began. */
  readonly claimBegan: number;
}
