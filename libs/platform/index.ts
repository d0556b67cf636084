export { BUILD, VERSION } from './build-info.ts';
export { Clock, secondsAfter } from './clock/clock.ts';
export { answerWithin, within } from './clock/within.ts';
export { AddressRanges } from './config/address-ranges.ts';
export {
  configurationFrom,
  loadConfiguration,
  SeedVariables,
  type Configuration,
} from './config/load-settings.ts';
export { readSettings, settingNames, SettingsError } from './config/read-settings.ts';
export { redactor } from './config/redactor.ts';
export { secretSettingNames } from './config/setting-decorators.ts';
export { Settings, SMS_PRESETS, type SmsPreset } from './config/settings.ts';
export { createDataSource, databaseUrl } from './database/database.module.ts';
export { brokenConstraint, isMissing } from './database/database-errors.ts';
export { DatabaseServer, type DatabaseFacts } from './database/database-facts.ts';
export { Database } from './database/database.ts';
export { DatabaseListener } from './database/listener.ts';
export { RegisterEntity } from './database/register.entity.ts';
export { Register, type RegisterRow, type RegisterTable, type Reference } from './database/register.ts';
export { Schema, type SchemaParts } from './database/schema.ts';
export {
  FLOOR_IS_KNOWN_AFTER_MS,
  READ_FLOOR,
  SchemaFloor,
  SchemaTooNewError,
} from './database/schema-floor.ts';
export { SchemaFloorRow } from './database/schema-floor.entity.ts';
export { plannedAnew, statement, type Tx, type Value } from './database/tx.ts';
export { eraseWords, type ErasableTable, type ErasureStep } from './erasure/erase-words.ts';
export { ERASED, patternOfAll } from './erasure/words.ts';
export {
  BrokerError,
  duplicates,
  invalid,
  type ErrorCategory,
  type Quota,
  type Violation,
} from './errors/broker-error.ts';
export { clientAddress } from './http/client-address.ts';
export {
  Conditional,
  ConditionalCreation,
  entityTag,
  ETAG_HEADER,
  Precondition,
  SentPrecondition,
} from './http/etag.ts';
export { Problems, ProblemDocument } from './http/openapi.ts';
export { PAGE_LENGTH, PageCursor, PageLimit } from './http/paging.ts';
export { ProblemFilter } from './http/problem.filter.ts';
export { configureServer, listen, ListenError } from './http/server.ts';
export { invalidRequest, validBody } from './http/validated.ts';
export { idempotencyKey } from './idempotency/idempotency-key.ts';
export { Idempotency, type Keep, type KeptAnswer } from './idempotency/idempotency.ts';
export { IdempotentRequest } from './idempotency/idempotent-request.entity.ts';
export { hashSecret, isId, newId, newSecret } from './ids.ts';
export { Doorbell, QUEUES, type QueueName } from './jobs/doorbell.ts';
export { REDIS_CONNECTIONS_TO_WORK } from './jobs/job-connection.ts';
export { LOOKING, LookProcessor } from './jobs/look-processor.ts';
export { jobMigrations, migrateJobs, type JobMigrations } from './jobs/migrate-jobs.ts';
export { logContext, withLogContext, type LogContext } from './logging/log-context.ts';
export { logProcess } from './logging/process-log.ts';
export { Figures, type Figure, type Sample } from './metrics/figures.ts';
export { PlatformModule, type PlatformOptions } from './platform.module.ts';
export { RedisFacts, type RedisInfo } from './redis/redis-facts.ts';
export { REDIS_PREFIX } from './redis/redis-options.ts';
export { SharedRedis } from './redis/shared-redis.ts';
export { cleanLine, isStorable } from './storable-text.ts';
export { Sweeper, type Sweep } from './sweep/sweeper.ts';
export { Timetable } from './sweep/timetable.ts';
export { inSpan, openSpan, traceHeaders, traceParent, type Span } from './tracing/tracing.ts';
export { Together, type TogetherOptions } from './together.ts';
export { WorkerRow } from './workers/worker.entity.ts';
