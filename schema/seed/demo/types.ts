/** The shapes of the demo company (演示企业). Everything is plain data: keys refer to keys, times are ISO 8601 in UTC, coordinates are WGS-84 degrees. */

export interface DemoCoordinates {
  lat: number;
  lng: number;
}

export interface DemoOrganization {
  name: string;
  nameEn: string;
  shortName: string;
  slug: string;
  timeZone: string;
  city: string;
  hotline: string;
}

/** Department 部门. */
export interface DemoDepartment {
  key: string;
  name: string;
  nameEn: string;
  parentKey: string | null;
  managerKey: string;
}

/** Team 班组: a queue that takes tickets. */
export interface DemoTeam {
  key: string;
  name: string;
  nameEn: string;
  departmentKey: string;
  leadKey: string;
  /** Categories of level 1 or 2 whose tickets come here. */
  categoryKeys: string[];
  /** Places it serves; empty means every place. */
  placeKeys: string[];
}

export interface DemoSkill {
  key: string;
  name: string;
  nameEn: string;
}

export type DemoRole = 'admin' | 'manager' | 'dispatcher' | 'agent' | 'technician';

export type DemoShiftName = '早班' | '中班' | '夜班' | '常白班';

/** A weekly shift 班次, local time; `end` before `start` means the next morning. */
export interface DemoShift {
  name: DemoShiftName;
  start: string;
  end: string;
  /** ISO weekdays on which the shift begins, 1 = Monday. */
  weekdays: number[];
}

/** Staff 员工. */
export interface DemoStaff {
  key: string;
  name: string;
  email: string;
  phone: string;
  role: DemoRole;
  title: string;
  titleEn: string;
  departmentKey: string;
  teamKeys: string[];
  /** Skill levels from 1 to 5. */
  skills: { skillKey: string; level: number }[];
  shift: DemoShift;
  home: DemoCoordinates;
  /** Jobs at the same time. */
  capacity: number;
}

export type DemoPlaceKind = 'residential' | 'office' | 'retail';

/** A managed community or building 项目. */
export interface DemoPlace {
  key: string;
  /** Letters that begin the codes of its assets. */
  code: string;
  name: string;
  nameEn: string;
  kind: DemoPlaceKind;
  regionKey: 'west' | 'north' | 'river';
  district: string;
  address: string;
  centre: DemoCoordinates;
  builtYear: number;
  hasLifts: boolean;
  hasGarage: boolean;
  gates: string[];
  buildings: DemoBuilding[];
}

export interface DemoBuilding {
  key: string;
  /** `3幢`, `A座`, or `沿街商铺`. */
  name: string;
  units: number;
  floors: number;
  /** Rooms on a floor of one unit. */
  doors: number;
  location: DemoCoordinates;
}

/** Where somebody lives or works; `address` is complete, `short` is what neighbours say. */
export interface DemoRoom {
  placeKey: string;
  buildingKey: string;
  /** 0 where the building has no units. */
  unit: number;
  floor: number;
  room: string;
  short: string;
  address: string;
  lat: number;
  lng: number;
}

export type DemoTier = 'normal' | 'vip';

/** Account 客户单位: a company, a shop, or a household. */
export interface DemoAccount {
  key: string;
  name: string;
  kind: 'company' | 'shop' | 'household';
  tier: DemoTier;
  home: DemoRoom;
}

/** Customer 客户. */
export interface DemoCustomer {
  key: string;
  name: string;
  /** 先生 or 女士; for a foreign resident Mr or Ms. */
  honorific: string;
  kind: 'owner' | 'tenant' | 'shopkeeper' | 'company-contact' | 'device-platform';
  language: 'zh-CN' | 'en';
  elderly: boolean;
  tier: DemoTier;
  phone: string | null;
  email: string | null;
  accountKey: string | null;
  home: DemoRoom;
  note: string | null;
}

export type DemoAssetKind =
  | 'lift' | 'water-pump' | 'fire-pump' | 'sewage-pump' | 'access-gate' | 'switchgear' | 'charger'
  | 'barrier' | 'camera-recorder' | 'fire-panel' | 'chiller' | 'air-handler' | 'generator' | 'street-light' | 'playground' | 'parcel-locker';

/** Asset 设备. */
export interface DemoAsset {
  code: string;
  kind: DemoAssetKind;
  name: string;
  nameEn: string;
  model: string;
  serialNumber: string;
  placeKey: string;
  buildingKey: string | null;
  unit: number;
  spot: string;
  lat: number;
  lng: number;
  installedOn: string;
  warrantyUntil: string;
  criticality: 'critical' | 'high' | 'normal' | 'low';
}

export type DemoPriority = 'urgent' | 'high' | 'normal' | 'low';

/** Category 分类, one node of the three-level tree; the parts of the key are the path (`water.leak.burst`). */
export interface DemoCategory {
  key: string;
  level: 1 | 2 | 3;
  parentKey: string | null;
  name: string;
  nameEn: string;
  /** Set on level 1, and on a lower level where another team takes over. */
  teamKey: string | null;
  /** Level 3 only. */
  defaultPriority: DemoPriority | null;
  /** Level 3 only: the skill the work needs. */
  skillKey: string | null;
  /** Level 3 only, where somebody goes there: how long it takes. */
  serviceMinutes: number | null;
}

export type DemoChannel = 'portal' | 'phone' | 'wechat' | 'wecom' | 'web' | 'email' | 'qr' | 'app' | 'alarm';

export type DemoStatus = 'new' | 'open' | 'waiting' | 'resolved' | 'closed' | 'cancelled';

interface Happening {
  /** ISO 8601, UTC. */
  at: string;
  /** A staff key, a customer key, or `system`. */
  actorKey: string;
}

/** What happened to a ticket, in the order of time; the first `assigned` makes it open. */
export type DemoEvent = Happening & (
  | { kind: 'assigned'; teamKey: string; assigneeKey: string | null; window: { start: string; end: string } | null; reason: string | null }
  | { kind: 'accepted' }
  | { kind: 'travel_started'; location: DemoCoordinates }
  | { kind: 'checked_in'; location: DemoCoordinates; accuracyMeters: number }
  | { kind: 'work_logged'; text: string; minutes: number }
  | { kind: 'waiting'; waitingFor: 'customer' | 'supplier' | 'part' | 'other'; reason: string }
  | { kind: 'resumed'; reason: string }
  | { kind: 'comment'; visibility: 'public' | 'internal'; direction: 'inbound' | 'outbound'; channel: DemoChannel | null; body: string }
  | { kind: 'resolved'; solution: string }
  | { kind: 'confirmed'; by: 'signature' | 'link' | 'phone' }
  | { kind: 'rated'; rating: 1 | 2 | 3 | 4 | 5; comment: string | null }
  | { kind: 'reopened'; reason: string }
  | { kind: 'closed'; reason: 'confirmed' | 'silence' | 'checked' }
  | { kind: 'cancelled'; reason: string }
);

/** Ticket 工单 with its whole life up to `now`. */
export interface DemoTicket {
  key: string;
  createdAt: string;
  channel: DemoChannel;
  language: 'zh-CN' | 'en';
  requesterKey: string;
  /** Who wrote it down, where the customer did not: the agent on the phone, the building manager in WeCom, `system` for an alarm. */
  recordedByKey: string | null;
  /** Keys of levels 1, 2 and 3. */
  categoryPath: [string, string, string];
  priority: DemoPriority;
  subject: string;
  description: string;
  place: { placeKey: string; address: string; lat: number; lng: number };
  assetCode: string | null;
  /** Team and person at `now`. */
  teamKey: string | null;
  assigneeKey: string | null;
  status: DemoStatus;
  tags: string[];
  events: DemoEvent[];
}
