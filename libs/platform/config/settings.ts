import { IsOptional, IsTimeZone, Matches } from 'class-validator';

import { IsRedisUrl } from '../redis/redis-address.ts';
import { AreAddressRanges } from './address-ranges.ts';
import {
  Flag,
  Fraction,
  List,
  OneOf,
  OptionalWhole,
  PostgresUrl,
  Secret,
  Text,
  Url,
  Whole,
} from './setting-decorators.ts';

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Providers of SMS whose calls are described in this project. */
export const SMS_PRESETS = [
  'sendxms',
  'twilio',
  'seven',
  'sipgate',
  'vonage',
  'messagebird',
  'sinch',
  'lox24',
] as const;
export type SmsPreset = (typeof SMS_PRESETS)[number];

/** How it is decided which traces are recorded, by the names of the OpenTelemetry specification. */
export const TRACE_SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type TraceSampler = (typeof TRACE_SAMPLERS)[number];

/**
 * Everything an operator can set, under the very name it has in the environment. The value here is the
 * default; `.env.example` repeats name, default and meaning, and a test holds the two together.
 */
export class Settings {
  // ---- general

  /** Address of the broker as responders reach it; acknowledgement links begin with it. */
  @Url('http', 'https') BASE_URL = 'http://localhost:8080';
  /** Port of the api. */
  @Whole(0, 65535) PORT = 8080;
  /** Port of the worker: probes and metrics only. */
  @Whole(0, 65535) WORKER_PORT = 9464;
  /** Address the api and the worker listen on. */
  @Text() LISTEN_HOST = '0.0.0.0';
  @OneOf(LOG_LEVELS) LOG_LEVEL: LogLevel = 'INFO';
  /** Key for everything below `/v1/admin`, `/v1/alarms` and `/v1/simulation`. Without it they answer 403. */
  @Secret() @Text() ADMIN_API_KEY?: string;
  /** Serves `/docs` and `/openapi.json`. */
  @Flag() ENABLE_API_DOCS = false;
  /** Sends nothing into the world: every channel writes to the simulation feed instead. */
  @Flag() SIMULATION_ENABLED = false;
  /** What `POST /v1/simulation/seed` names as the bundled seed file. */
  @Text() SIMULATION_SEED_URL = 'seeds/simulation.yaml';
  /** Where the standalone broker keeps its database and generated keys. */
  @Text() DATA_DIR = '.data';

  // ---- database and jobs

  @Secret() @PostgresUrl() DATABASE_URL?: string;
  /** Connections kept open by one process. */
  @Whole(1, 1000) DATABASE_POOL_SIZE = 20;
  /** Further connections opened on demand and closed when idle. */
  @Whole(0, 1000) DATABASE_MAX_OVERFLOW = 10;
  /** Seconds a request waits for a free connection. */
  @Whole(1, 600) DATABASE_POOL_TIMEOUT = 30;
  /** Milliseconds after which a statement is logged as a warning, without its values; 0 logs none. */
  @Whole(0, 60_000) DATABASE_SLOW_MS = 500;
  /** Where an api listens for news, if DATABASE_URL leads to a pooler that keeps no session (PgBouncer). */
  @Secret() @PostgresUrl() DATABASE_LISTEN_URL?: string;
  /**
   * Redis or Valkey for jobs and the press gate. Unset: jobs and gate live in PostgreSQL.
   *
   * - `redis://[[user]:password@]host[:6379][/database]`: one server
   * - `redis-sentinel://[[user]:password@]host[:26379][,host…]/master[/database]`: whoever the sentinels name as the
   *   master; `?sentinel_username=…&sentinel_password=…` if they want a login of their own
   * - `redis-cluster://[[user]:password@]host[:6379][,host…]`: whichever node of the cluster holds our keys
   *
   * `rediss`, `rediss-sentinel` and `rediss-cluster` do the same over TLS.
   */
  @Secret() @IsRedisUrl() REDIS_URL?: string;
  /**
   * Connections one process may keep open to Redis. In a cluster they all lead to the node that holds our keys.
   * Questions to sentinels and to other nodes, one at a time and only to find that one, are not counted.
   */
  @Whole(1, 10_000) REDIS_MAX_CONNECTIONS = 50;
  /** Sends running at once, for each channel, in one worker. */
  @Whole(1, 1000) WORKER_CONCURRENCY = 5;

  // ---- the phones' door

  /** Name of the query parameter that carries the device token. */
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: 'must be a plain parameter name' })
  YELK_TOKEN_QUERY_PARAM = 'token';
  /** Addresses or CIDR ranges phones may call from. Empty: from everywhere. */
  @List() @AreAddressRanges() YELK_IP_ALLOWLIST: string[] = [];
  /** Proxies whose `X-Forwarded-For` is believed. */
  @List() @AreAddressRanges() TRUSTED_PROXY_CIDRS: string[] = [];
  /** New alarms of one device per minute; repeated presses of one alarm never count. */
  @Whole(1, 10_000) RATE_LIMIT_PER_MINUTE = 10;

  // ---- live events

  /** Seconds between two signs of life on a stream; how often its key and its pace are looked at, too. */
  @Whole(1, 60) EVENTS_HEARTBEAT_SECONDS = 15;
  /** Streams one api process keeps open; further ones are answered 503. */
  @Whole(1, 100_000) EVENTS_MAX_READERS = 500;

  // ---- console

  /** Minutes after which somebody who does nothing is signed out; a live page that is open counts as doing something. */
  @Whole(1, 10_080) SESSION_IDLE_MINUTES = 60;
  /** Hours after which everybody signs in again, whatever they did. */
  @Whole(1, 720) SESSION_HOURS = 12;

  // ---- escalation times the bundled seeds refer to, in seconds after the press

  @Whole(0, 86_400) ESCALATE_T1 = 60;
  @Whole(0, 86_400) ESCALATE_T2 = 180;
  @Whole(0, 86_400) ESCALATE_T3 = 300;

  // ---- what messages say

  /** Language of messages: German or English. */
  @OneOf(['en', 'de']) DEFAULT_LANGUAGE: 'en' | 'de' = 'en';
  /** Time zone of messages about places whose site names none. */
  @IsTimeZone({ message: 'must be a time zone such as Europe/Berlin' }) DEFAULT_TIME_ZONE = 'UTC';
  /** A YAML file with message texts that replace the bundled ones. */
  @Text() TEMPLATES_FILE?: string;

  // ---- escalation beyond its plan

  /** Starts the next step at once when every target of a step has failed for good. */
  @Flag() ESCALATE_ON_FAILURE = true;

  // ---- how long things are kept

  /** Days after which a resolved, cancelled or deleted alarm is removed with all that belongs to it. Unset: never. */
  @OptionalWhole(1, 36_500) RETENTION_ALARMS_DAYS?: number;
  /** Days after which what was only simulated is removed from its feed. Unset: never. */
  @OptionalWhole(1, 36_500) RETENTION_SIMULATED_DAYS?: number;

  // ---- channel: Zammad

  @Url('http', 'https') ZAMMAD_BASE_URL?: string;
  /** An access token with the permission `ticket.agent`. */
  @Secret() @Text() ZAMMAD_API_TOKEN?: string;
  /** Group of new tickets; a target's address overrides it. */
  @Text() ZAMMAD_GROUP?: string;
  /** Mail address of the customer tickets belong to; Zammad creates it where it is missing. */
  @Text() ZAMMAD_CUSTOMER?: string;
  /** Name of the priority of new tickets. */
  @Text() ZAMMAD_PRIORITY = '3 high';
  /** Id of the priority of P0 alarms, for installations that used ids; the name is used where it is unset. */
  @OptionalWhole(1, 1_000_000) ZAMMAD_PRIORITY_ID_P0?: number;
  /** Name of the state of new tickets. */
  @Text() ZAMMAD_STATE = 'new';
  /** Id of the state of new tickets; the name is used where it is unset. */
  @OptionalWhole(1, 1_000_000) ZAMMAD_STATE_ID_NEW?: number;
  /** Closes the ticket when the alarm is resolved or cancelled; otherwise it gets a note only. */
  @Flag() ZAMMAD_CLOSE_ON_RESOLVE = true;

  // ---- channel: SMS over an HTTP gateway

  /** Sends SMS by the gateway below, as `SMS_PRESET=sendxms` does. */
  @Flag() SENDXMS_ENABLED = false;
  @Url('http', 'https') SENDXMS_BASE_URL?: string;
  @Secret() @Text() SENDXMS_API_KEY?: string;
  @Text() SENDXMS_FROM = 'ALARM';
  @Matches(/^\/\S*$/, { message: 'must be a path beginning with /' }) SENDXMS_SEND_PATH = '/send';
  /** Body format of the gateway call. */
  @OneOf(['json', 'form']) SENDXMS_MODE: 'json' | 'form' = 'json';
  /** Which provider sends SMS. */
  @IsOptional() @OneOf(SMS_PRESETS) SMS_PRESET?: SmsPreset;
  /** A YAML file that describes a provider without a preset, or changes a preset. */
  @Text() SMS_CONNECTOR_FILE?: string;
  /** Where the provider is reached, if not at its usual address. */
  @Url('http', 'https') SMS_BASE_URL?: string;
  /** Account, user or plan at the provider: Twilio's Account SID, sipgate's token id, Sinch's plan. */
  @Text() SMS_ACCOUNT?: string;
  /** Key, token or password at the provider. */
  @Secret() @Text() SMS_SECRET?: string;
  /** What the SMS is said to come from. */
  @Text() SMS_FROM?: string;
  /** Checks delivery reports: the provider's signing key, or the `key` in the address of its callback. */
  @Secret() @Text() SMS_CALLBACK_SECRET?: string;

  // ---- channel: Signal over signal-cli-rest-api

  @Flag() SIGNAL_ENABLED = false;
  @Url('http', 'https') SIGNAL_CLI_ENDPOINT?: string;
  /** The registered number messages come from, as +4930111222. */
  @IsOptional()
  @Matches(/^\+\d{5,15}$/, { message: 'must be a phone number such as +4930111222' })
  SIGNAL_NUMBER?: string;
  /** Receiver of targets without an address: a group, as `group.…` or by its internal id. */
  @Text() SIGNAL_TARGET_GROUP_ID?: string;
  @Matches(/^\/\S*$/, { message: 'must be a path beginning with /' }) SIGNAL_SEND_PATH = '/v2/send';
  /** The secret last part of the address signal-cli-rest-api posts what it receives to. */
  @Secret()
  @IsOptional()
  @Matches(/^[\w-]{16,}$/, { message: 'must be at least 16 letters, digits, - or _' })
  SIGNAL_CALLBACK_SECRET?: string;

  // ---- channel: e-mail

  /** The mail server, as `smtp://user:password@host:587` or `smtps://…:465`. */
  @Secret() @Url('smtp', 'smtps') SMTP_URL?: string;
  /** Sender of mails. */
  @Text() SMTP_FROM?: string;
  /** Refuses to send over a connection that is not encrypted. */
  @Flag() SMTP_REQUIRE_TLS = true;

  // ---- channel: ntfy

  @Url('http', 'https') NTFY_BASE_URL?: string;
  /** An access token (`tk_…`) of a user who may publish. */
  @Secret() @Text() NTFY_TOKEN?: string;
  /** Topic of targets without an address. Whoever knows it can read along: make it long and random. */
  @Secret()
  @IsOptional()
  @Matches(/^[\w-]{1,64}$/, { message: 'must be letters, digits, - and _' })
  NTFY_TOPIC?: string;

  // ---- channel: webhook

  @Flag() WEBHOOK_ENABLED = false;
  /** Told of every state change of an alarm; also the receiver of webhook targets without an address. */
  @Secret() @Url('http', 'https') WEBHOOK_URL?: string;
  /** Signs each request as Standard Webhooks 1.0 does. `whsec_…` is base64, anything else raw bytes. */
  @Secret()
  @Text()
  @Matches(/^(?!whsec_)|^whsec_[\w+/-]+={0,2}$/, { message: 'must be base64 after whsec_' })
  WEBHOOK_SECRET?: string;
  /** The secret before that one: signs as well while receivers change over. */
  @Secret()
  @Text()
  @Matches(/^(?!whsec_)|^whsec_[\w+/-]+={0,2}$/, { message: 'must be base64 after whsec_' })
  WEBHOOK_SECRET_PREVIOUS?: string;
  /** `standard`: the body of Standard Webhooks. `cloudevents`: a CloudEvent, signed alike. */
  @OneOf(['standard', 'cloudevents']) WEBHOOK_FORMAT: 'standard' | 'cloudevents' = 'standard';
  @Whole(1, 120) WEBHOOK_TIMEOUT_SECONDS = 5;
  /** Further attempts after the first one failed. */
  @Whole(0, 100) WEBHOOK_MAX_RETRIES = 3;
  @Whole(0, 86_400) WEBHOOK_RETRY_DELAY_SECONDS = 30;
  /** Hosts or addresses that webhooks may reach although they are private or loopback. */
  @List() WEBHOOK_ALLOWED_HOSTS: string[] = [];

  // ---- tracing, by the names OpenTelemetry gives its settings

  /** Where spans are sent as OTLP over HTTP; `/v1/traces` is added. Set: tracing is on. */
  @Secret() @Url('http', 'https') OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  /** The same with its whole path, for traces alone. */
  @Secret() @Url('http', 'https') OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;
  /** Headers sent along, as `name=value,name=value`: what the collector asks for as a key. */
  @Secret() @Text() OTEL_EXPORTER_OTLP_HEADERS?: string;
  /** The one way spans are sent. Another one would need another exporter. */
  @OneOf(['http/protobuf']) OTEL_EXPORTER_OTLP_PROTOCOL = 'http/protobuf';
  /** `none` switches tracing off, wherever spans would be sent. */
  @OneOf(['otlp', 'none']) OTEL_TRACES_EXPORTER: 'otlp' | 'none' = 'otlp';
  /** Switches tracing off. */
  @Flag() OTEL_SDK_DISABLED = false;
  /** What the process is called; otherwise alarm-broker-api, alarm-broker-worker, alarm-broker-standalone. */
  @Text() OTEL_SERVICE_NAME?: string;
  /** More about the process, as `deployment.environment.name=production,…`. */
  @Text() OTEL_RESOURCE_ATTRIBUTES?: string;
  /** Which traces are recorded. */
  @OneOf(TRACE_SAMPLERS) OTEL_TRACES_SAMPLER: TraceSampler = 'parentbased_always_on';
  /** The share recorded by the samplers that end in `traceidratio`. */
  @Fraction() OTEL_TRACES_SAMPLER_ARG = 1;
  /** Milliseconds spans are collected before they are sent. */
  @Whole(1, 600_000) OTEL_BSP_SCHEDULE_DELAY = 5000;
}
