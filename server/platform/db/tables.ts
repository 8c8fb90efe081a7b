// Written by tools/db-types.ts from schema/migrations. Do not edit.
import type { ColumnType, Generated } from 'kysely';

export type Timestamp = ColumnType<Date, Date | string, Date | string>;
// What goes in is text: JSON.stringify it.
// oxlint-disable-next-line typescript/no-explicit-any -- the shape of a document is the business of its owner
export type Json = ColumnType<any, string, string>;

export interface AccountTable {
  tenant_id: string;
  id: string;
  name: string;
  kind: Generated<string>;
  tier: string | null;
  version: Generated<number>;
  created_at: Timestamp;
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
}

export interface BusinessCalendarTable {
  tenant_id: string;
  id: string;
  key: string;
  name: string;
  name_en: string | null;
  time_zone: string;
  windows: Json;
  version: Generated<number>;
  created_at: Timestamp;
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
}

export interface ChannelAccountTable {
  tenant_id: string;
  id: string;
  kind: string;
  name: string;
  address: string | null;
  active: Generated<boolean>;
  created_at: Timestamp;
}

export interface ContactPointTable {
  tenant_id: string;
  kind: string;
  value: string;
  customer_id: string;
  verified_at: Timestamp | null;
  created_at: Timestamp;
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

export interface FactReaderTable {
  name: string;
  transaction: string;
  position: number;
  updated_at: Timestamp;
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
}

export interface NumberBlockTable {
  tenant_id: string;
  day: string;
  next_value: number;
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

export interface RoleTable {
  tenant_id: string;
  id: string;
  key: string | null;
  name: string;
  name_en: string | null;
  grants: Json;
  version: Generated<number>;
  created_at: Timestamp;
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
}

export interface StaffRoleTable {
  tenant_id: string;
  staff_id: string;
  role_id: string;
}

export interface StaffShiftTable {
  tenant_id: string;
  staff_id: string;
  weekday: number;
  starts_minute: number;
  ends_minute: number;
}

export interface StaffSkillTable {
  tenant_id: string;
  staff_id: string;
  skill: string;
  level: number;
}

export interface SurveyTable {
  tenant_id: string;
  ticket_id: string;
  round: number;
  rating: number;
  comment: string | null;
  answered_at: Timestamp;
}

export interface TeamTable {
  tenant_id: string;
  id: string;
  department_id: string;
  name: string;
  name_en: string | null;
  version: Generated<number>;
  created_at: Timestamp;
}

export interface TeamMemberTable {
  tenant_id: string;
  team_id: string;
  staff_id: string;
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
}

export interface TicketSearchTable {
  tenant_id: string;
  ticket_id: string;
  created_at: Timestamp;
  words: string;
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
}

export interface TimerTable {
  tenant_id: string;
  kind: string;
  subject_id: string;
  due_at: Timestamp;
  data: Generated<Json>;
  attempts: Generated<number>;
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
}

export interface Tables {
  account: AccountTable;
  api_key: ApiKeyTable;
  asset: AssetTable;
  business_calendar: BusinessCalendarTable;
  category: CategoryTable;
  channel_account: ChannelAccountTable;
  contact_point: ContactPointTable;
  customer: CustomerTable;
  department: DepartmentTable;
  fact: FactTable;
  fact_reader: FactReaderTable;
  file: FileTable;
  idempotency_key: IdempotencyKeyTable;
  insight_daily: InsightDailyTable;
  insight_standing: InsightStandingTable;
  message: MessageTable;
  number_block: NumberBlockTable;
  organization: OrganizationTable;
  phone_code: PhoneCodeTable;
  role: RoleTable;
  session: SessionTable;
  staff: StaffTable;
  staff_role: StaffRoleTable;
  staff_shift: StaffShiftTable;
  staff_skill: StaffSkillTable;
  survey: SurveyTable;
  team: TeamTable;
  team_member: TeamMemberTable;
  ticket: TicketTable;
  ticket_search: TicketSearchTable;
  ticket_type: TicketTypeTable;
  timer: TimerTable;
  visit: VisitTable;
}
