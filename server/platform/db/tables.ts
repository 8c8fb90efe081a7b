// Written by tools/db-types.ts from schema/migrations. Do not edit.
import type { ColumnType, Generated } from 'kysely';

export type Timestamp = ColumnType<Date, Date | string, Date | string>;
// What goes in is text: JSON.stringify it.
// oxlint-disable-next-line typescript/no-explicit-any -- the shape of a document is the business of its owner
export type Json = ColumnType<any, string, string>;

export interface AbsenceTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  cover_id: string | null;
  starts_at: Timestamp;
  ends_at: Timestamp;
  note: string | null;
  cancelled_at: Timestamp | null;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface AccountTable {
  tenant_id: string;
  id: string;
  name: string;
  kind: Generated<string>;
  tier: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  code: string | null;
  address: string | null;
  description: string | null;
  external_id: string | null;
  archived_at: Timestamp | null;
  parent_id: string | null;
}

export interface AlarmStandingTable {
  tenant_id: string;
  account_id: string;
  key: string;
  episode: string;
  state: string;
  since: Timestamp;
  count: number;
  ticket_id: string | null;
}

export interface AlarmStormTable {
  tenant_id: string;
  account_id: string;
  ticket_id: string;
  last_at: Timestamp;
}

export interface ApiKeyTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  name: string;
  token_hash: Buffer;
  prefix: string;
  permissions: string[] | null;
  created_at: Timestamp;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
  made_by: string | null;
}

export interface AppointmentTable {
  tenant_id: string;
  ticket_id: string;
  window_start: Timestamp;
  window_end: Timestamp;
  chosen_by: string;
  chosen_by_name: string | null;
  chosen_at: Timestamp;
}

export interface AppointmentSettingTable {
  tenant_id: string;
  offered: boolean;
  windows: Json;
  days: number;
  lead_minutes: number;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface AssetTable {
  tenant_id: string;
  id: string;
  code: string;
  name: string;
  model: string | null;
  serial_number: string | null;
  customer_id: string | null;
  address: string | null;
  lat: number | null;
  lng: number | null;
  criticality: Generated<string>;
  warranty_until: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  account_id: string | null;
  site_id: string | null;
  parent_id: string | null;
  installed_on: string | null;
  attributes: Generated<Json>;
  external_id: string | null;
  archived_at: Timestamp | null;
}

export interface AutomationCallTable {
  tenant_id: string;
  id: string;
  rule_id: string;
  ticket_id: string;
  method: string;
  url: string;
  headers: Json;
  body: string | null;
  state: string;
  attempts: Generated<number>;
  status_code: number | null;
  answer: string | null;
  problem: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface AutomationClaimTable {
  tenant_id: string;
  rule_id: string;
  subject: string;
  at: Timestamp;
}

export interface AutomationRuleTable {
  tenant_id: string;
  id: string;
  name: string;
  description: string | null;
  position: number;
  enabled: Generated<boolean>;
  stop_after_match: Generated<boolean>;
  archived: Generated<boolean>;
  draft: Json | null;
  definition: Json | null;
  published_version: number | null;
  effective_from: Timestamp | null;
  failures: Generated<number>;
  suspended_at: Timestamp | null;
  suspended_reason: Json | null;
  version: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface AutomationRuleVersionTable {
  tenant_id: string;
  rule_id: string;
  number: number;
  name: string;
  definition: Json;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Timestamp;
}

export interface AutomationRunTable {
  tenant_id: string;
  id: string;
  rule_id: string;
  rule_version: number;
  ticket_id: string;
  fact_position: number | null;
  fact_kind: string | null;
  outcome: string;
  reason: string | null;
  explanation: Json;
  at: Timestamp;
}

export interface AutomationSigningTable {
  tenant_id: string;
  sealed_key: Buffer;
  sealed_previous: Buffer | null;
  previous_until: Timestamp | null;
  changed_at: Timestamp;
  version: number;
}

export interface AutomationStateTable {
  tenant_id: string;
  version: number;
}

export interface AutomationWorkTable {
  tenant_id: string;
  id: string;
  kind: string;
  rule_id: string | null;
  ticket_id: string;
  fact_position: number | null;
  due_at: Timestamp;
  attempts: Generated<number>;
  data: Generated<Json>;
}

export interface BulkItemTable {
  tenant_id: string;
  run_id: string;
  place: number;
  ticket_id: string;
  outcome: string;
  refusal: Json | null;
}

export interface BulkRunTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  via: string;
  only_permissions: string[] | null;
  action: Json;
  request_hash: Buffer;
  state: string;
  total: number;
  created_at: Timestamp;
  finished_at: Timestamp | null;
}

export interface BusinessCalendarTable {
  tenant_id: string;
  id: string;
  key: string;
  name: string;
  name_en: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  is_default: Generated<boolean>;
  archived: Generated<boolean>;
  draft: Json | null;
  definition: Json | null;
  published_version: number | null;
  created_by: string | null;
  updated_at: Timestamp;
}

export interface BusinessCalendarStateTable {
  tenant_id: string;
  version: number;
}

export interface BusinessCalendarVersionTable {
  tenant_id: string;
  calendar_id: string;
  number: number;
  definition: Json;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Timestamp;
}

export interface CalendarFeedTable {
  tenant_id: string;
  staff_id: string;
  token_hash: Buffer;
  created_at: Timestamp;
  last_read_at: Timestamp | null;
}

export interface CallTable {
  tenant_id: string;
  id: string;
  account_id: string;
  external_id: string;
  events: Json;
  direction: string;
  state: string;
  caller: string | null;
  callee: string | null;
  number: string | null;
  agent: string | null;
  staff_id: string | null;
  started_at: Timestamp;
  answered_at: Timestamp | null;
  ended_at: Timestamp | null;
  customer_id: string | null;
  customer_by: string | null;
  ticket_id: string | null;
  calls_back: Generated<boolean>;
  note: Generated<string>;
  dial_state: string | null;
  recording_state: Generated<string>;
  recording_url: Buffer | null;
  recording_file_id: string | null;
  recording_failure: string | null;
  transcript_state: Generated<string>;
  transcript: Json | null;
  transcript_text: string | null;
  transcript_failure: string | null;
  attempts: Generated<number>;
  due_at: Timestamp | null;
  heard: Generated<Json>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface CannedReplyTable {
  tenant_id: string;
  id: string;
  kind: string;
  owner_id: string | null;
  team_id: string | null;
  name: string;
  shortcut: string | null;
  category: string | null;
  body: string;
  use_count: Generated<number>;
  active: Generated<boolean>;
  version: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface CategoryTable {
  tenant_id: string;
  id: string;
  parent_id: string | null;
  level: number;
  name: string;
  name_en: string | null;
  team_id: string | null;
  position: Generated<number>;
  version: Generated<number>;
  created_at: Timestamp;
  active: Generated<boolean>;
  service_minutes: number | null;
  skills: Json | null;
  crew: Json | null;
}

export interface CategoryClassifierTable {
  tenant_id: string;
  classifier: Json;
  learned_at: Timestamp;
  tickets: number;
  held_out: number;
  right_of_held_out: number;
}

export interface ChannelAccountTable {
  tenant_id: string;
  id: string;
  kind: string;
  name: string;
  address: string | null;
  active: Generated<boolean>;
  created_at: Timestamp;
  settings: Json | null;
  sealed: Buffer | null;
  mapping: Json | null;
  version: Generated<number>;
  archived_at: Timestamp | null;
  last_received_at: Timestamp | null;
  last_refused_at: Timestamp | null;
  last_refusal: string | null;
}

export interface ChannelGreetingTable {
  tenant_id: string;
  id: string;
  account_id: string;
  inbox_id: string;
  context: Json;
  state: Generated<string>;
  due_at: Timestamp;
  until: Timestamp;
  attempts: Generated<number>;
  failure: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface ChannelHoldTable {
  tenant_id: string;
  account_id: string;
  holder: string;
  held_until: Timestamp;
}

export interface ChannelIdentityTable {
  tenant_id: string;
  account_id: string;
  kind: string;
  value: string;
  customer_id: string;
  verified: Generated<boolean>;
  display_name: string | null;
  created_at: Timestamp;
}

export interface ChannelPullTable {
  tenant_id: string;
  account_id: string;
  place: string;
  cursor: string | null;
  hint: string | null;
  due_at: Timestamp;
  attempts: Generated<number>;
  failure: string | null;
}

export interface ChatMessageTable {
  tenant_id: string;
  visitor_id: string;
  seq: number;
  id: string;
  direction: string;
  key: string;
  body: string;
  files: Generated<Json>;
  author: string | null;
  created_at: Timestamp;
  delivered_at: Timestamp | null;
  read_at: Timestamp | null;
}

export interface ChatVisitorTable {
  tenant_id: string;
  id: string;
  account_id: string;
  user_key: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string;
  origin: string | null;
  page: Json | null;
  last_seq: Generated<number>;
  staff_seen_seq: Generated<number>;
  token_round: Generated<number>;
  online_until: Timestamp | null;
  created_at: Timestamp;
}

export interface ChecklistItemTable {
  tenant_id: string;
  ticket_id: string;
  id: string;
  position: number;
  text: string;
  required: Generated<boolean>;
  done_at: Timestamp | null;
  done_by_id: string | null;
  done_by_name: string | null;
  assignee_id: string | null;
  due_at: Timestamp | null;
  template_id: string | null;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface ChecklistTemplateTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  items: Generated<string[]>;
  ticket_type_ids: Generated<string[]>;
  required: Generated<boolean>;
  active: Generated<boolean>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface ChildEffectTable {
  tenant_id: string;
  fact_position: number;
  ticket_id: string;
  outcome: string;
  done_at: Timestamp;
}

export interface ConnectorTable {
  tenant_id: string;
  id: string;
  kind: string;
  name: string;
  active: Generated<boolean>;
  type_id: string | null;
  settings: Json;
  sealed: Buffer | null;
  mapping: Json;
  version: Generated<number>;
  archived_at: Timestamp | null;
  created_at: Timestamp;
}

export interface ConnectorAnswerTable {
  tenant_id: string;
  connector_id: string;
  question: string;
  answer: Json;
  expires_at: Timestamp;
}

export interface ContactPointTable {
  tenant_id: string;
  kind: string;
  value: string;
  customer_id: string;
  verified_at: Timestamp | null;
  created_at: Timestamp;
  id: Generated<string>;
  label: string | null;
  version: Generated<number>;
  tail: string | null;
  preferred: Generated<boolean>;
}

export interface ConversationTable {
  tenant_id: string;
  id: string;
  account_id: string;
  thread: string;
  customer_id: string | null;
  ticket_id: string | null;
  contact: Generated<Json>;
  contact_name: string | null;
  reply_context: Generated<Json>;
  last_inbound_at: Timestamp | null;
  sent_since: Generated<number>;
  created_at: Timestamp;
  news: string | null;
}

export interface ConversationTicketTable {
  tenant_id: string;
  ticket_id: string;
  conversation_id: string;
  last_at: Timestamp;
}

export interface CustomerTable {
  tenant_id: string;
  id: string;
  name: string;
  account_id: string | null;
  tier: string | null;
  address: string | null;
  lat: number | null;
  lng: number | null;
  version: Generated<number>;
  created_at: Timestamp;
  external_id: string | null;
  language: string | null;
  tags: Generated<string[]>;
  account_role: string | null;
  id_number: Buffer | null;
  id_number_digest: Buffer | null;
  archived_at: Timestamp | null;
  merged_into: string | null;
  merged_at: Timestamp | null;
  merged_by: string | null;
  merged_by_name: string | null;
  merge_taken: Json | null;
  sort_name: string | null;
  news: string | null;
}

export interface CustomerMessageTable {
  tenant_id: string;
  customer_id: string;
  created_at: Timestamp;
  message_id: string;
  ticket_id: string;
}

export interface CustomerNewsTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  event: string;
  about: string;
  state: Generated<string>;
  reason: string | null;
  attempts: Generated<number>;
  due_at: Timestamp;
  leased_until: Timestamp | null;
  message_id: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface CustomerNoteTable {
  tenant_id: string;
  id: string;
  customer_id: string;
  body: string;
  author_id: string | null;
  author_name: string | null;
  pinned: Generated<boolean>;
  created_at: Timestamp;
  edited_at: Timestamp | null;
  removed_at: Timestamp | null;
  version: Generated<number>;
}

export interface CustomerTierTable {
  tenant_id: string;
  id: string;
  key: string;
  name: string;
  name_en: string | null;
  position: Generated<number>;
  active: Generated<boolean>;
  version: Generated<number>;
  created_at: Timestamp;
  important: Generated<boolean>;
}

export interface DayPlanTable {
  tenant_id: string;
  id: string;
  state: Generated<string>;
  day: string;
  team_ids: Generated<string[]>;
  event: string | null;
  request: Json;
  digest: string | null;
  result: Json | null;
  failure: string | null;
  outcomes: Json | null;
  requested_by: string | null;
  requested_by_name: string | null;
  requested_via: string;
  only_permissions: string[] | null;
  requested_at: Timestamp;
  started_at: Timestamp | null;
  ready_at: Timestamp | null;
  ended_at: Timestamp | null;
  ended_by_name: string | null;
  version: Generated<number>;
}

export interface DepartmentTable {
  tenant_id: string;
  id: string;
  parent_id: string | null;
  name: string;
  name_en: string | null;
  position: Generated<number>;
  version: Generated<number>;
  created_at: Timestamp;
  active: Generated<boolean>;
}

export interface DispatchModeTable {
  tenant_id: string;
  team_id: string;
  settings: Json | null;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface DispatchRuleTable {
  tenant_id: string;
  team_id: string;
  reserve_percent: number;
  within_territory: boolean;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface DispatchWeightsTable {
  tenant_id: string;
  team_id: string;
  weights: Json | null;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface DistinctPairTable {
  tenant_id: string;
  kind: string;
  one_id: string;
  other_id: string;
  decided_by: string | null;
  decided_at: Timestamp;
}

export interface DraftTable {
  tenant_id: string;
  staff_id: string;
  place: string;
  content: Json;
  version: number;
  updated_at: Timestamp;
}

export interface FactTable {
  tenant_id: string;
  position: Generated<number>;
  transaction: Generated<string>;
  kind: string;
  ticket_id: string | null;
  ticket_position: number | null;
  subject_id: string | null;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  data: Json;
  occurred_at: Timestamp;
  recorded_at: Timestamp;
  previous_hash: Buffer | null;
  hash: Buffer | null;
}

export interface FactAnchorTable {
  tenant_id: string;
  number: number;
  from_position: number;
  to_position: number;
  facts: number;
  digest: Buffer;
  seal: Buffer;
  made_at: Timestamp;
}

export interface FactReaderTable {
  name: string;
  transaction: string;
  position: number;
  updated_at: Timestamp;
}

export interface FieldCommandTable {
  tenant_id: string;
  staff_id: string;
  device_id: string;
  sequence: number;
  visit_id: string;
  action: string;
  digest: Buffer;
  applied_at: Timestamp;
}

export interface FileTable {
  tenant_id: string;
  id: string;
  ticket_id: string | null;
  message_id: string | null;
  visit_id: string | null;
  name: string;
  media_type: string;
  size: number;
  sha256: Buffer;
  storage_key: string;
  thumbnail_key: string | null;
  width: number | null;
  height: number | null;
  purpose: string;
  visibility: string;
  uploaded_by_kind: string;
  uploaded_by_id: string | null;
  created_at: Timestamp;
  sender: Buffer | null;
  recorded_at: Timestamp | null;
  recorded_lat: number | null;
  recorded_lng: number | null;
  recorded_accuracy: number | null;
}

export interface FlowTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  description: string | null;
  active: Generated<boolean>;
  published: number | null;
  draft: Json | null;
  draft_version: Generated<number>;
  draft_based_on: number | null;
  draft_changed_at: Timestamp | null;
  draft_changed_by: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface FlowCallTable {
  tenant_id: string;
  id: string;
  instance_id: string;
  ticket_id: string;
  activation: string;
  ask: number;
  request: Json;
  state: string;
  attempts: Generated<number>;
  problem: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface FlowInstanceTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  flow_id: string;
  number: number;
  status: string;
  state: Json;
  held: Generated<number>;
  version: Generated<number>;
  started_at: Timestamp;
  ended_at: Timestamp | null;
}

export interface FlowPartRequestTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  instance_id: string;
  lines: Json;
  note: string;
  created_at: Timestamp;
}

export interface FlowVersionTable {
  tenant_id: string;
  flow_id: string;
  number: number;
  definition: Json;
  subflows: Json;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Timestamp;
}

export interface FlowWaitTable {
  tenant_id: string;
  ticket_id: string;
  instance_id: string;
  activation: string;
  fact_kind: string;
  of_children: boolean;
  transaction: Generated<string>;
  snapshot: Generated<string | null>;
}

export interface FormVersionTable {
  tenant_id: string;
  type_id: string;
  number: number;
  form: Json;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Timestamp;
}

export interface HeldReplyTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  staff_id: string;
  via: string;
  only_permissions: string[] | null;
  body: Json;
  state: string;
  refusal: Json | null;
  message_id: string | null;
  created_at: Timestamp;
  release_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface HotlineCaseTable {
  tenant_id: string;
  id: string;
  account_id: string;
  case_number: string;
  ticket_id: string;
  state: string;
  extension: string | null;
  code: string | null;
  code_name: string | null;
  codes_number: number | null;
  dispatched_at: Timestamp;
  deadline_at: Timestamp | null;
  urged: Generated<number>;
  satisfaction: number | null;
  satisfaction_words: string | null;
  satisfied_at: Timestamp | null;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface HotlineCodesTable {
  tenant_id: string;
  account_id: string;
  number: number;
  codes: Json;
  note: string | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: Timestamp;
}

export interface HotlineReportTable {
  tenant_id: string;
  id: string;
  case_id: string;
  kind: string;
  body: Json;
  state: Generated<string>;
  attempts: Generated<number>;
  due_at: Timestamp | null;
  failure: string | null;
  made_by: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
  made_by_id: string | null;
}

export interface IdempotencyKeyTable {
  tenant_id: string;
  caller: string;
  key: string;
  request_hash: Buffer;
  status: number;
  body: string | null;
  headers: Json;
  created_at: Timestamp;
}

export interface ImportIssueTable {
  tenant_id: string;
  import_id: string;
  row: number;
  columns: Generated<string[]>;
  code: string;
  message: string;
  cells: Json;
}

export interface ImportJobTable {
  tenant_id: string;
  id: string;
  kind: string;
  status: string;
  dry_run: Generated<boolean>;
  file_name: string;
  file_size: number;
  format: string;
  encoding: string | null;
  separator: string | null;
  sheet: string | null;
  source_key: string | null;
  rows_key: string | null;
  rows_size: Generated<number>;
  columns: Generated<string[]>;
  mapping: Json;
  language: string;
  total: number | null;
  position: Generated<number>;
  rows_offset: Generated<number>;
  created: Generated<number>;
  updated: Generated<number>;
  present: Generated<number>;
  failed: Generated<number>;
  error_code: string | null;
  error_parameters: Json | null;
  created_by: string;
  created_by_name: string;
  permissions: string[] | null;
  runner: string | null;
  leased_until: Timestamp | null;
  attempts: Generated<number>;
  created_at: Timestamp;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
  version: Generated<number>;
}

export interface ImportMappingTable {
  tenant_id: string;
  kind: string;
  header: string;
  target: string | null;
  used_at: Timestamp;
}

export interface ImportNumberTable {
  tenant_id: string;
  day: string;
  next_value: number;
}

export interface ImportedRecordTable {
  tenant_id: string;
  kind: string;
  key: string;
  record_id: string;
  import_id: string;
  created_at: Timestamp;
}

export interface InboundMediaTable {
  tenant_id: string;
  id: string;
  inbox_id: string;
  ticket_id: string;
  message_id: string | null;
  part: Json;
  state: Generated<string>;
  attempts: Generated<number>;
  due_at: Timestamp;
  failure: string | null;
  file_id: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}

export interface InboxMessageTable {
  tenant_id: string;
  id: string;
  account_id: string;
  external_id: string;
  thread: string;
  content: Json;
  call_id: string;
  place: number;
  raw: Buffer | null;
  occurred_at: Timestamp;
  received_at: Timestamp;
  state: Generated<string>;
  due_at: Timestamp;
  attempts: Generated<number>;
  failure: string | null;
  failure_detail: string | null;
  outcome: string | null;
  ticket_id: string | null;
  settled_at: Timestamp | null;
  note: string | null;
}

export interface IndexedFieldTable {
  tenant_id: string;
  type_id: string;
  field: string;
  kind: string;
  ready: Generated<boolean>;
  marked_at: Timestamp;
}

export interface InsightDailyTable {
  tenant_id: string;
  measure: string;
  day: string;
  department_id: string;
  team_id: string;
  category_id: string;
  priority: number;
  channel: string;
  count: number;
  total: number;
}

export interface InsightStandingTable {
  tenant_id: string;
  status: string;
  department_id: string;
  team_id: string;
  category_id: string;
  priority: number;
  channel: string;
  count: number;
}

export interface IntakeSettingTable {
  tenant_id: string;
  understand: Generated<boolean>;
  ask_llm: Generated<boolean>;
  order_masks: Generated<string[]>;
  raw_days: Generated<number>;
  message_days: Generated<number>;
  chat_days: Generated<number>;
  version: Generated<number>;
  updated_at: Timestamp | null;
  call_days: Generated<number>;
}

export interface LlmSettingTable {
  tenant_id: string;
  enabled: Generated<boolean>;
  base_url: string | null;
  model: string | null;
  sealed_key: Buffer | null;
  timeout_seconds: Generated<number>;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface MacroTable {
  tenant_id: string;
  id: string;
  kind: string;
  owner_id: string | null;
  team_id: string | null;
  name: string;
  description: string | null;
  steps: Json;
  condition: Json | null;
  use_count: Generated<number>;
  active: Generated<boolean>;
  version: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface MacroVersionTable {
  tenant_id: string;
  macro_id: string;
  version: number;
  definition: Json;
  changed_by: string | null;
  changed_by_name: string | null;
  changed_at: Timestamp;
}

export interface MailboxPlaceTable {
  tenant_id: string;
  account_id: string;
  mailbox: string;
  uid_validity: number;
  last_uid: number;
  read_at: Timestamp;
}

export interface MaskPolicyTable {
  tenant_id: string;
  policy: Json;
  version: Generated<number>;
}

export interface MatchingSettingTable {
  tenant_id: string;
  settings: Json;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface MessageTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  direction: string;
  visibility: string;
  author_kind: string;
  author_id: string | null;
  author_name: string | null;
  body: string;
  mentions: Generated<string[]>;
  channel: string;
  created_at: Timestamp;
  from_ticket_id: string | null;
  copied_from: string | null;
  parent_ticket_id: string | null;
  purpose: string | null;
}

export interface NewsSettingTable {
  tenant_id: string;
  settings: Json;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface NoticeAccountTable {
  tenant_id: string;
  channel: string;
  settings: Json;
  sealed: Buffer;
  active: Generated<boolean>;
  version: Generated<number>;
  last_success_at: Timestamp | null;
  last_failure_at: Timestamp | null;
  last_failure: string | null;
  failures: Generated<number>;
  open_until: Timestamp | null;
  updated_at: Timestamp;
  last_failure_code: string | null;
}

export interface NoticeAddressTable {
  tenant_id: string;
  staff_id: string;
  channel: string;
  address: string;
  confirmed_at: Timestamp | null;
  code_digest: Buffer | null;
  code_expires_at: Timestamp | null;
  code_sent_at: Timestamp | null;
  code_attempts: Generated<number>;
  created_at: Timestamp;
}

export interface NoticeBundleTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  urgency: string;
  due_at: Timestamp;
  created_at: Timestamp;
  closed_at: Timestamp | null;
  acknowledged_at: Timestamp | null;
  escalate_at: Timestamp | null;
  step: Generated<number>;
  escalated_from: string | null;
  escalated_to: string | null;
}

export interface NoticeDeliveryTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  bundle_id: string | null;
  purpose: string;
  channel: string;
  state: string;
  reason: string | null;
  problem: string | null;
  urgency: Generated<string>;
  step: Generated<number>;
  instead_of: string | null;
  address: string | null;
  sealed: Buffer | null;
  count: Generated<number>;
  attempts: Generated<number>;
  due_at: Timestamp;
  provider_id: string | null;
  created_at: Timestamp;
  sent_at: Timestamp | null;
  settled_at: Timestamp | null;
  problem_code: string | null;
}

export interface NoticeDeviceTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  name: string;
  face: string;
  endpoint_digest: Buffer;
  sealed: Buffer;
  created_at: Timestamp;
  last_sent_at: Timestamp | null;
}

export interface NoticePolicyTable {
  tenant_id: string;
  settings: Json;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface NoticeSettingTable {
  tenant_id: string;
  staff_id: string;
  settings: Json;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface NoticeTemplateTable {
  tenant_id: string;
  kind: string;
  channel: string;
  language: string;
  draft: Json | null;
  published: Json | null;
  published_at: Timestamp | null;
  version: Generated<number>;
  updated_at: Timestamp;
}

export interface NotificationTable {
  tenant_id: string;
  staff_id: string;
  id: string;
  reason: string;
  ticket_id: string | null;
  fact_position: number;
  fact_kind: string;
  actor_name: string | null;
  preview: string | null;
  for_id: string | null;
  created_at: Timestamp;
  read_at: Timestamp | null;
  side_conversation_id: string | null;
  urgency: Generated<string>;
  bundle_id: string | null;
  channels: string[] | null;
}

export interface NumberBlockTable {
  tenant_id: string;
  day: string;
  next_value: number;
}

export interface OfferTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  team_id: string | null;
  mode: string;
  plan: Json;
  state: Generated<string>;
  ring: Generated<number>;
  next_at: Timestamp | null;
  window_start: Timestamp | null;
  window_end: Timestamp | null;
  note: string | null;
  automatic: Generated<boolean>;
  opened_at: Timestamp;
  opened_by: string | null;
  opened_by_name: string | null;
  taken_by: string | null;
  taken_by_name: string | null;
  ended_at: Timestamp | null;
  ended_by_name: string | null;
  ended_reason: string | null;
  version: Generated<number>;
}

export interface OfferCandidateTable {
  tenant_id: string;
  offer_id: string;
  staff_id: string;
  state: Generated<string>;
  ring: number;
  place: number;
  score: number;
  metres: number | null;
  travel_seconds: number | null;
  starts_from: string;
  begins_at: Timestamp;
  offered_at: Timestamp;
  answered_at: Timestamp | null;
  reason: string | null;
}

export interface OrganizationTable {
  tenant_id: string;
  slug: string;
  name: string;
  time_zone: Generated<string>;
  language: Generated<string>;
  settings: Generated<Json>;
  configuration_version: Generated<number>;
  created_at: Timestamp;
  version: Generated<number>;
  unsealed_until: Generated<number>;
}

export interface OrganizationLogoTable {
  tenant_id: string;
  image: Buffer;
  changed_at: Timestamp;
}

export interface OutgoingMessageTable {
  tenant_id: string;
  id: string;
  channel: string;
  ticket_id: string | null;
  side_message_id: string | null;
  recipient_address: string | null;
  recipient_name: string | null;
  subject: string | null;
  body: string | null;
  file_ids: Generated<string[]>;
  state: string;
  attempts: Generated<number>;
  failure: string | null;
  created_at: Timestamp;
  sent_at: Timestamp | null;
  message_id: string | null;
  conversation_id: string | null;
  route: string | null;
  skips: Generated<Json>;
  next_piece: Generated<number>;
  under_way: Generated<boolean>;
  pieces: number | null;
  round: Generated<number>;
  due_at: Timestamp | null;
  failure_detail: string | null;
  settled_at: Timestamp | null;
  reach: string | null;
}

export interface OutgoingNameTable {
  tenant_id: string;
  account_id: string;
  provider_id: string;
  outgoing_id: string;
}

export interface PhoneCodeTable {
  tenant_id: string;
  phone: string;
  code_hash: Buffer;
  attempts_left: number;
  created_at: Timestamp;
  expires_at: Timestamp;
  hour_started_at: Timestamp;
  codes_in_hour: number;
}

export interface PhoneLineTable {
  tenant_id: string;
  staff_id: string;
  extension: string | null;
  version: Generated<number>;
  updated_at: Timestamp;
  sip_user: string | null;
  sealed_sip_password: Buffer | null;
}

export interface PortalReportTable {
  tenant_id: string;
  id: string;
  sender: Buffer;
  created_at: Timestamp;
}

export interface RecordSearchTable {
  tenant_id: string;
  kind: string;
  record_id: string;
  words: string;
}

export interface RevealCountTable {
  tenant_id: string;
  staff_id: string;
  hour_started_at: Timestamp;
  count: number;
}

export interface RoleTable {
  tenant_id: string;
  id: string;
  key: string | null;
  name: string;
  name_en: string | null;
  grants: Json;
  version: Generated<number>;
  created_at: Timestamp;
  active: Generated<boolean>;
}

export interface ScanCodeTable {
  tenant_id: string;
  kind: string;
  subject_id: string;
  round: Generated<number>;
  renewed_at: Timestamp | null;
  scans: Generated<number>;
  last_scanned_at: Timestamp | null;
}

export interface SearchRefillTable {
  tenant_id: string;
  created_at: Timestamp;
  ticket_id: string;
}

export interface SessionTable {
  tenant_id: string;
  token_hash: Buffer;
  id: string;
  staff_id: string | null;
  customer_id: string | null;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: Timestamp;
  revoked_at: Timestamp | null;
  user_agent: string | null;
  address: string | null;
}

export interface SideConversationTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  subject: string;
  team_id: string | null;
  department_id: string | null;
  address: string | null;
  address_name: string | null;
  state: string;
  opened_by_id: string | null;
  opened_by_name: string | null;
  message_count: Generated<number>;
  created_at: Timestamp;
  last_message_at: Timestamp;
  closed_at: Timestamp | null;
  version: Generated<number>;
  awaits: string;
}

export interface SideMessageTable {
  tenant_id: string;
  id: string;
  conversation_id: string;
  direction: string;
  author_kind: string;
  author_id: string | null;
  author_name: string | null;
  body: string;
  quotes: Json;
  file_ids: Generated<string[]>;
  created_at: Timestamp;
}

export interface SiteTable {
  tenant_id: string;
  id: string;
  account_id: string;
  name: string;
  address: string | null;
  lat: number | null;
  lng: number | null;
  contact_name: string | null;
  contact_phone: string | null;
  access_notes: string | null;
  archived_at: Timestamp | null;
  version: Generated<number>;
  created_at: Timestamp;
  access_hours: Json | null;
}

export interface SkillTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  active: Generated<boolean>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface SlaClockTable {
  tenant_id: string;
  ticket_id: string;
  key: string;
  metric: string;
  team_id: string | null;
  step: string | null;
  cycle: number;
  policy_id: string;
  target_key: string;
  started_at: Timestamp;
  due_at: Timestamp | null;
  breached_at: Timestamp | null;
  stopped_at: Timestamp | null;
  outcome: string | null;
  paused: Generated<boolean>;
  record: Json;
  done: Generated<string[]>;
  act_at: Timestamp | null;
  reason: string | null;
  reason_note: string | null;
  reason_by: string | null;
  reason_by_name: string | null;
  reason_at: Timestamp | null;
}

export interface SlaPolicyTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  position: number;
  enabled: Generated<boolean>;
  archived: Generated<boolean>;
  draft: Json | null;
  definition: Json | null;
  published_version: number | null;
  version: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface SlaPolicyVersionTable {
  tenant_id: string;
  policy_id: string;
  number: number;
  name: string;
  name_en: string | null;
  definition: Json;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Timestamp;
}

export interface SlaSimulationTable {
  tenant_id: string;
  id: string;
  state: string;
  request: Json;
  done: Generated<number>;
  total: number | null;
  result: Json | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: Timestamp;
  ended_at: Timestamp | null;
}

export interface SlaStateTable {
  tenant_id: string;
  version: number;
  since: Timestamp;
}

export interface SlaTicketTable {
  tenant_id: string;
  ticket_id: string;
  position: number;
  at: Timestamp;
  ledger: Json;
  due_at: Timestamp | null;
  due_metric: string | null;
  breached_at: Timestamp | null;
}

export interface SpeechSettingTable {
  tenant_id: string;
  enabled: boolean;
  protocol: string;
  base_url: string | null;
  model: string | null;
  language: string | null;
  sealed_key: Buffer | null;
  timeout_seconds: number;
  version: number;
  updated_at: Timestamp;
}

export interface StaffTable {
  tenant_id: string;
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  job: string;
  department_id: string | null;
  active: Generated<boolean>;
  password_hash: string | null;
  totp_secret: Buffer | null;
  totp_enabled_at: Timestamp | null;
  totp_last_step: number | null;
  failed_sign_ins: Generated<number>;
  locked_until: Timestamp | null;
  home_lat: number | null;
  home_lng: number | null;
  version: Generated<number>;
  created_at: Timestamp;
  password_change_due: Generated<boolean>;
}

export interface StaffPositionTable {
  tenant_id: string;
  staff_id: string;
  visit_id: string;
  lat: number;
  lng: number;
  accuracy: number;
  at: Timestamp;
}

export interface StaffPreferenceTable {
  tenant_id: string;
  staff_id: string;
  preferences: Json;
  updated_at: Timestamp;
}

export interface StaffRoleTable {
  tenant_id: string;
  staff_id: string;
  role_id: string;
}

export interface StaffSkillTable {
  tenant_id: string;
  staff_id: string;
  level: number;
  skill_id: string;
}

export interface SubscriptionGrantTable {
  tenant_id: string;
  account_id: string;
  identity: string;
  template_id: string;
  remaining: number;
  updated_at: Timestamp;
}

export interface SurveyTable {
  tenant_id: string;
  ticket_id: string;
  round: number;
  rating: number;
  comment: string | null;
  answered_at: Timestamp;
}

export interface TaskTable {
  tenant_id: string;
  id: string;
  instance_id: string;
  ticket_id: string;
  activation: string;
  node: string;
  scope: string;
  kind: string;
  content: Json;
  state: string;
  seats: Json;
  claimed_by: string | null;
  outcome: string | null;
  completed_by: string | null;
  created_at: Timestamp;
  due_at: Timestamp | null;
  overdue: Generated<boolean>;
  completed_at: Timestamp | null;
  version: Generated<number>;
}

export interface TaskActorTable {
  tenant_id: string;
  who_id: string;
  task_id: string;
}

export interface TeamTable {
  tenant_id: string;
  id: string;
  department_id: string;
  name: string;
  name_en: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  active: Generated<boolean>;
  lead_id: string | null;
}

export interface TeamMemberTable {
  tenant_id: string;
  team_id: string;
  staff_id: string;
}

export interface TechnicianPreferenceTable {
  tenant_id: string;
  id: string;
  customer_id: string | null;
  site_id: string | null;
  asset_id: string | null;
  staff_id: string;
  kind: string;
  reason: string | null;
  created_by_name: string | null;
  created_at: Timestamp;
}

export interface TerritoryTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  color: string;
  shape: Json;
  active: Generated<boolean>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface TerritoryStaffTable {
  tenant_id: string;
  territory_id: string;
  staff_id: string;
}

export interface TerritoryTeamTable {
  tenant_id: string;
  territory_id: string;
  team_id: string;
}

export interface TextOptOutTable {
  tenant_id: string;
  phone: string;
  said: string;
  opted_out_at: Timestamp;
}

export interface TicketTable {
  tenant_id: string;
  id: string;
  number: string;
  type_id: string;
  subject: string;
  description: string;
  status: string;
  waiting_for: string | null;
  priority: number;
  priority_explanation: Json;
  channel: string;
  category_id: string | null;
  department_id: string | null;
  team_id: string | null;
  assignee_id: string | null;
  accepted_at: Timestamp | null;
  participant_ids: Generated<string[]>;
  customer_id: string | null;
  contact_name: string | null;
  contact_phone: string | null;
  contact_email: string | null;
  asset_id: string | null;
  address: string | null;
  lat: number | null;
  lng: number | null;
  fields: Generated<Json>;
  tags: Generated<string[]>;
  resolution: string | null;
  rating: number | null;
  reopened_count: Generated<number>;
  created_by_kind: string;
  created_by_id: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  resolved_at: Timestamp | null;
  closed_at: Timestamp | null;
  version: Generated<number>;
  history_length: Generated<number>;
  history_hash: Buffer | null;
  status_id: string | null;
  form_version: Generated<number>;
  merged_into: string | null;
  parent_id: string | null;
  checklist_total: Generated<number>;
  checklist_done: Generated<number>;
}

export interface TicketCompletionTable {
  tenant_id: string;
  ticket_id: string;
  source: string;
  state: Generated<string>;
  due_at: Timestamp;
  attempts: Generated<number>;
  round: Generated<number>;
  depth: Generated<number>;
  failure: string | null;
  failure_detail: string | null;
  filled: Generated<Json>;
  settled_at: Timestamp | null;
  created_at: Timestamp;
}

export interface TicketFieldTable {
  tenant_id: string;
  type_id: string;
  field: string;
  value: string;
  created_at: Timestamp;
  ticket_id: string;
}

export interface TicketGuessTable {
  tenant_id: string;
  ticket_id: string;
  field: string;
  value: Json;
  words: string;
  confidence: number;
  source: string;
  made_at: Timestamp;
  confirmed_at: Timestamp | null;
  confirmed_by: string | null;
}

export interface TicketLinkTable {
  tenant_id: string;
  ticket_id: string;
  kind: string;
  other_id: string;
  created_at: Timestamp;
}

export interface TicketMergeTable {
  tenant_id: string;
  id: string;
  source_id: string;
  target_id: string;
  before: Json;
  moved: Json;
  merged_at: Timestamp;
  undone_at: Timestamp | null;
}

export interface TicketParticipantTable {
  tenant_id: string;
  staff_id: string;
  created_at: Timestamp;
  ticket_id: string;
}

export interface TicketSearchTable {
  tenant_id: string;
  ticket_id: string;
  created_at: Timestamp;
  words: string;
}

export interface TicketStatusTable {
  tenant_id: string;
  id: string;
  class: string;
  name: string;
  name_en: string | null;
  color: string;
  waiting_for: string | null;
  active: Generated<boolean>;
  position: number;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface TicketTagTable {
  tenant_id: string;
  tag: string;
  created_at: Timestamp;
  ticket_id: string;
}

export interface TicketTemplateTable {
  tenant_id: string;
  id: string;
  name: string;
  name_en: string | null;
  type_id: string;
  subject: string | null;
  description: string | null;
  category_id: string | null;
  team_id: string | null;
  priority: number | null;
  fields: Json;
  tags: Generated<string[]>;
  checklist: Generated<string[]>;
  checklist_ids: Generated<string[]>;
  active: Generated<boolean>;
  position: Generated<number>;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface TicketTypeTable {
  tenant_id: string;
  id: string;
  key: string;
  name: string;
  name_en: string | null;
  is_default: Generated<boolean>;
  definition: Json;
  version: Generated<number>;
  created_at: Timestamp;
  description: string | null;
  offered: Generated<boolean>;
  active: Generated<boolean>;
  position: Generated<number>;
  form_version: Generated<number>;
  draft: Json | null;
  draft_version: Generated<number>;
  draft_based_on: number | null;
  draft_changed_at: Timestamp | null;
  draft_changed_by: string | null;
  flow_id: string | null;
}

export interface TicketViewTable {
  tenant_id: string;
  id: string;
  kind: string;
  owner_id: string | null;
  team_id: string | null;
  name: string;
  name_en: string | null;
  icon: string | null;
  filter: Json;
  columns: Generated<string[]>;
  sort: string;
  grouping: string | null;
  position: number;
  version: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface TicketViewFavouriteTable {
  tenant_id: string;
  staff_id: string;
  view: string;
  position: number;
}

export interface TicketWatcherTable {
  tenant_id: string;
  staff_id: string;
  created_at: Timestamp;
  ticket_id: string;
  watched_at: Timestamp;
}

export interface TimerTable {
  tenant_id: string;
  kind: string;
  subject_id: string;
  due_at: Timestamp;
  data: Generated<Json>;
  attempts: Generated<number>;
}

export interface TravelObservationTable {
  tenant_id: string;
  visit_id: string;
  from_zone: number;
  to_zone: number;
  workday: boolean;
  hour: number;
  seconds: number;
  estimate: number;
  at: Timestamp;
}

export interface TravelSettingTable {
  tenant_id: string;
  provider: string;
  base_url: string | null;
  profile: string;
  sealed_key: Buffer | null;
  road_factor: number;
  kilometres_per_hour: number;
  daily_requests: number;
  generation: number;
  version: number;
  updated_at: Timestamp;
}

export interface TravelTimeTable {
  tenant_id: string;
  generation: number;
  from_cell: number;
  to_cell: number;
  band: number;
  seconds: number | null;
  metres: number | null;
  asked_at: Timestamp;
  expires_at: Timestamp;
}

export interface TravelUsageTable {
  tenant_id: string;
  day: string;
  requests: Generated<number>;
  pairs: Generated<number>;
  failures: Generated<number>;
  failure: string | null;
  failed_at: Timestamp | null;
  resumes_at: Timestamp | null;
}

export interface UploadTable {
  tenant_id: string;
  id: string;
  staff_id: string;
  name: string;
  media_type: string;
  purpose: string;
  visibility: string;
  size: number;
  received: Generated<number>;
  sha256: Buffer | null;
  file_id: string | null;
  settling_until: Timestamp | null;
  created_at: Timestamp;
  expires_at: Timestamp;
}

export interface UploadPartTable {
  tenant_id: string;
  upload_id: string;
  begins: number;
  size: number;
  blob_id: string;
}

export interface VisitTable {
  tenant_id: string;
  id: string;
  ticket_id: string;
  technician_id: string;
  status: string;
  window_start: Timestamp | null;
  window_end: Timestamp | null;
  note: string | null;
  accepted_at: Timestamp | null;
  travel_started_at: Timestamp | null;
  checked_in_at: Timestamp | null;
  check_in_lat: number | null;
  check_in_lng: number | null;
  check_in_accuracy: number | null;
  check_in_distance: number | null;
  completed_at: Timestamp | null;
  work_summary: string | null;
  signature_file_id: string | null;
  signed_by: string | null;
  ended_reason: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  obstacle: string | null;
  obstacle_at: Timestamp | null;
  planned_start: Timestamp | null;
  planned_end: Timestamp | null;
  person_locked: Generated<boolean>;
  locked_from: Timestamp | null;
  locked_until: Timestamp | null;
  check_in_reason: string | null;
  near_at: Timestamp | null;
  conflicts: Json | null;
  needs: string[] | null;
  parts: string[] | null;
}

export interface VisitMemberTable {
  tenant_id: string;
  visit_id: string;
  staff_id: string;
  place: number;
  added_at: Timestamp;
}

export interface VisitTrackTable {
  tenant_id: string;
  visit_id: string;
  at: Timestamp;
  lat: number;
  lng: number;
  accuracy: number;
}

export interface WorkScheduleTable {
  tenant_id: string;
  owner_id: string;
  owner_kind: string;
  time_zone: string | null;
  windows: Json | null;
  exceptions: Generated<Json>;
  version: Generated<number>;
  updated_at: Timestamp;
  on_call: Json | null;
}

export interface Tables {
  absence: AbsenceTable;
  account: AccountTable;
  alarm_standing: AlarmStandingTable;
  alarm_storm: AlarmStormTable;
  api_key: ApiKeyTable;
  appointment: AppointmentTable;
  appointment_setting: AppointmentSettingTable;
  asset: AssetTable;
  automation_call: AutomationCallTable;
  automation_claim: AutomationClaimTable;
  automation_rule: AutomationRuleTable;
  automation_rule_version: AutomationRuleVersionTable;
  automation_run: AutomationRunTable;
  automation_signing: AutomationSigningTable;
  automation_state: AutomationStateTable;
  automation_work: AutomationWorkTable;
  bulk_item: BulkItemTable;
  bulk_run: BulkRunTable;
  business_calendar: BusinessCalendarTable;
  business_calendar_state: BusinessCalendarStateTable;
  business_calendar_version: BusinessCalendarVersionTable;
  calendar_feed: CalendarFeedTable;
  call: CallTable;
  canned_reply: CannedReplyTable;
  category: CategoryTable;
  category_classifier: CategoryClassifierTable;
  channel_account: ChannelAccountTable;
  channel_greeting: ChannelGreetingTable;
  channel_hold: ChannelHoldTable;
  channel_identity: ChannelIdentityTable;
  channel_pull: ChannelPullTable;
  chat_message: ChatMessageTable;
  chat_visitor: ChatVisitorTable;
  checklist_item: ChecklistItemTable;
  checklist_template: ChecklistTemplateTable;
  child_effect: ChildEffectTable;
  connector: ConnectorTable;
  connector_answer: ConnectorAnswerTable;
  contact_point: ContactPointTable;
  conversation: ConversationTable;
  conversation_ticket: ConversationTicketTable;
  customer: CustomerTable;
  customer_message: CustomerMessageTable;
  customer_news: CustomerNewsTable;
  customer_note: CustomerNoteTable;
  customer_tier: CustomerTierTable;
  day_plan: DayPlanTable;
  department: DepartmentTable;
  dispatch_mode: DispatchModeTable;
  dispatch_rule: DispatchRuleTable;
  dispatch_weights: DispatchWeightsTable;
  distinct_pair: DistinctPairTable;
  draft: DraftTable;
  fact: FactTable;
  fact_anchor: FactAnchorTable;
  fact_reader: FactReaderTable;
  field_command: FieldCommandTable;
  file: FileTable;
  flow: FlowTable;
  flow_call: FlowCallTable;
  flow_instance: FlowInstanceTable;
  flow_part_request: FlowPartRequestTable;
  flow_version: FlowVersionTable;
  flow_wait: FlowWaitTable;
  form_version: FormVersionTable;
  held_reply: HeldReplyTable;
  hotline_case: HotlineCaseTable;
  hotline_codes: HotlineCodesTable;
  hotline_report: HotlineReportTable;
  idempotency_key: IdempotencyKeyTable;
  import_issue: ImportIssueTable;
  import_job: ImportJobTable;
  import_mapping: ImportMappingTable;
  import_number: ImportNumberTable;
  imported_record: ImportedRecordTable;
  inbound_media: InboundMediaTable;
  inbox_message: InboxMessageTable;
  indexed_field: IndexedFieldTable;
  insight_daily: InsightDailyTable;
  insight_standing: InsightStandingTable;
  intake_setting: IntakeSettingTable;
  llm_setting: LlmSettingTable;
  macro: MacroTable;
  macro_version: MacroVersionTable;
  mailbox_place: MailboxPlaceTable;
  mask_policy: MaskPolicyTable;
  matching_setting: MatchingSettingTable;
  message: MessageTable;
  news_setting: NewsSettingTable;
  notice_account: NoticeAccountTable;
  notice_address: NoticeAddressTable;
  notice_bundle: NoticeBundleTable;
  notice_delivery: NoticeDeliveryTable;
  notice_device: NoticeDeviceTable;
  notice_policy: NoticePolicyTable;
  notice_setting: NoticeSettingTable;
  notice_template: NoticeTemplateTable;
  notification: NotificationTable;
  number_block: NumberBlockTable;
  offer: OfferTable;
  offer_candidate: OfferCandidateTable;
  organization: OrganizationTable;
  organization_logo: OrganizationLogoTable;
  outgoing_message: OutgoingMessageTable;
  outgoing_name: OutgoingNameTable;
  phone_code: PhoneCodeTable;
  phone_line: PhoneLineTable;
  portal_report: PortalReportTable;
  record_search: RecordSearchTable;
  reveal_count: RevealCountTable;
  role: RoleTable;
  scan_code: ScanCodeTable;
  search_refill: SearchRefillTable;
  session: SessionTable;
  side_conversation: SideConversationTable;
  side_message: SideMessageTable;
  site: SiteTable;
  skill: SkillTable;
  sla_clock: SlaClockTable;
  sla_policy: SlaPolicyTable;
  sla_policy_version: SlaPolicyVersionTable;
  sla_simulation: SlaSimulationTable;
  sla_state: SlaStateTable;
  sla_ticket: SlaTicketTable;
  speech_setting: SpeechSettingTable;
  staff: StaffTable;
  staff_position: StaffPositionTable;
  staff_preference: StaffPreferenceTable;
  staff_role: StaffRoleTable;
  staff_skill: StaffSkillTable;
  subscription_grant: SubscriptionGrantTable;
  survey: SurveyTable;
  task: TaskTable;
  task_actor: TaskActorTable;
  team: TeamTable;
  team_member: TeamMemberTable;
  technician_preference: TechnicianPreferenceTable;
  territory: TerritoryTable;
  territory_staff: TerritoryStaffTable;
  territory_team: TerritoryTeamTable;
  text_opt_out: TextOptOutTable;
  ticket: TicketTable;
  ticket_completion: TicketCompletionTable;
  ticket_field: TicketFieldTable;
  ticket_guess: TicketGuessTable;
  ticket_link: TicketLinkTable;
  ticket_merge: TicketMergeTable;
  ticket_participant: TicketParticipantTable;
  ticket_search: TicketSearchTable;
  ticket_status: TicketStatusTable;
  ticket_tag: TicketTagTable;
  ticket_template: TicketTemplateTable;
  ticket_type: TicketTypeTable;
  ticket_view: TicketViewTable;
  ticket_view_favourite: TicketViewFavouriteTable;
  ticket_watcher: TicketWatcherTable;
  timer: TimerTable;
  travel_observation: TravelObservationTable;
  travel_setting: TravelSettingTable;
  travel_time: TravelTimeTable;
  travel_usage: TravelUsageTable;
  upload: UploadTable;
  upload_part: UploadPartTable;
  visit: VisitTable;
  visit_member: VisitMemberTable;
  visit_track: VisitTrackTable;
  work_schedule: WorkScheduleTable;
}
