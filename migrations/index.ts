import { Directory1764000000001 } from './1764000000001-directory.ts';
import { Alarms1764000000002 } from './1764000000002-alarms.ts';
import { Escalation1764000000003 } from './1764000000003-escalation.ts';
import { Notifications1764000000004 } from './1764000000004-notifications.ts';
import { Access1764000000005 } from './1764000000005-access.ts';
import { MasterData1764000000006 } from './1764000000006-master-data.ts';
import { Doors1764000000008 } from './1764000000008-doors.ts';
import { Channels1764000000009 } from './1764000000009-channels.ts';
import { Upkeep1764000000010 } from './1764000000010-upkeep.ts';
import { Figures1764000000011 } from './1764000000011-figures.ts';
import { Sessions1764000000012 } from './1764000000012-sessions.ts';
import { Vacuum1764000000013 } from './1764000000013-vacuum.ts';
import { Causes1764000000014 } from './1764000000014-causes.ts';

/** Every migration in the order it runs. One that has been released is never edited again. */
export const MIGRATIONS = [
  Directory1764000000001,
  Alarms1764000000002,
  Escalation1764000000003,
  Notifications1764000000004,
  Access1764000000005,
  MasterData1764000000006,
  Doors1764000000008,
  Channels1764000000009,
  Upkeep1764000000010,
  Figures1764000000011,
  Sessions1764000000012,
  Vacuum1764000000013,
  Causes1764000000014,
];
