// Written by tools/write-sdk.ts from the OpenAPI document. Do not edit.

export type Absence = {
  /** UUIDv7 */
  id: string;
  staff: Reference;
  /** RFC 3339, UTC */
  from: string;
  /** RFC 3339, UTC */
  to: string;
  cover: Reference | null;
  note: string | null;
  state: "planned" | "current" | "over" | "cancelled";
  version: number;
};

export type Account = {
  /** UUIDv7 */
  id: string;
  name: string;
  kind: "company" | "household" | "building" | "community" | "shop" | "institution" | "other";
  parent: Reference | null;
  /** Up to 1,000 */
  childCount: number;
  code: string | null;
  tier: string | null;
  address: string | null;
  description: string | null;
  externalId: string | null;
  /** Up to 1,000 */
  memberCount: number;
  /** Up to 1,000 */
  siteCount: number;
  /** Up to 1,000 */
  assetCount: number;
  archivedAt: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
};

export type AddChecklistItems = {
  items?: ({
    text: string;
    /** UUIDv7 */
    assignee?: string;
    /** RFC 3339, UTC */
    dueAt?: string;
  })[];
  /** UUIDv7 */
  template?: string;
};

export type AddComment = {
  body: string;
  /** public: the customer sees it; internal: a note for colleagues */
  visibility: "public" | "internal";
  /** Staff ids */
  mentions?: (string)[];
  /** Team ids: all their members are told */
  mentionTeams?: (string)[];
  attachments?: (string)[];
  /** A public reply goes to the customers of all children as well */
  toChildren?: boolean;
};

export type AddContactPoint = {
  kind: "phone" | "email" | "wechat_openid" | "wechat_unionid" | "wecom_external_id" | "dingtalk_id" | "feishu_id" | "alipay_id" | "other";
  value: string;
  label?: string | null;
};

export type AddCustomerNote = {
  body: string;
  pinned?: boolean;
};

export type AddGrants = {
  /** The openid */
  identity: string;
  /** Each once for each time it was agreed to */
  templates: (string)[];
};

export type AddLink = {
  kind: "related" | "duplicate_of" | "duplicated_by" | "parent" | "child" | "blocks" | "blocked_by";
  /** Id or number of a ticket */
  ticket: string;
};

export type AddNoticeDevice = {
  name: string;
  face: "console" | "field";
  endpoint: string;
  keys: {
    p256dh: string;
    auth: string;
  };
};

export type ApiKey = {
  /** UUIDv7 */
  id: string;
  name: string;
  prefix: string;
  permissions: (string)[] | null;
  /** RFC 3339, UTC */
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  staff: {
    /** UUIDv7 */
    id: string;
    name: string;
  };
};

export type ApiKeyCreated = {
  /** UUIDv7 */
  id: string;
  name: string;
  prefix: string;
  permissions: (string)[] | null;
  /** RFC 3339, UTC */
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  staff: {
    /** UUIDv7 */
    id: string;
    name: string;
  };
  /** Shown only now */
  key: string;
};

export type ApplyDayPlan = {
  /** Only these; all when absent */
  ticketIds?: (string)[];
  /** Why hard rules are broken, where `breaks` of an item names some; kept in the history of each ticket it concerns */
  reason?: string;
};

export type ApplyMacro = {
  /** Says what would change, and changes nothing */
  dryRun?: boolean;
};

export type Appointment = {
  promised: {
    /** RFC 3339, UTC */
    windowStart: string;
    /** RFC 3339, UTC */
    windowEnd: string;
    by: "customer" | "staff";
    name: string | null;
    /** RFC 3339, UTC */
    at: string;
  } | null;
  /** Whether the caller may choose a window now */
  mayChoose: boolean;
  /** IANA; the windows are by its clock */
  timeZone: string;
  /** What somebody who can do the work is free to serve; reckoned when `windows=true` is asked for, else empty. A day for which more was promised than can be reckoned with, and nobody sent to yet, offers none */
  windows: ({
    /** RFC 3339, UTC */
    windowStart: string;
    /** RFC 3339, UTC */
    windowEnd: string;
  })[];
};

export type AppointmentSetting = {
  /** Whether customers choose by themselves, by the link of their ticket */
  offered: boolean;
  windows: (AppointmentWindow)[];
  /** How many days ahead, today included */
  days: number;
  /** A window is offered until so long before it begins */
  leadMinutes: number;
  /** 0 while nothing was ever entered */
  version: number;
};

export type AppointmentWindow = {
  weekday?: number | null;
  startsMinute: number;
  endsMinute: number;
};

export type Asset = {
  /** UUIDv7 */
  id: string;
  code: string;
  name: string;
  model: string | null;
  serialNumber: string | null;
  customer: Reference | null;
  account: Reference | null;
  site: Reference | null;
  parent: AssetReference | null;
  /** Up to 1,000 */
  childCount: number;
  address: string | null;
  location: {
    lat: number;
    lng: number;
  } | null;
  criticality: "low" | "normal" | "high";
  warrantyUntil: string | null;
  installedOn: string | null;
  attributes: Record<string, string | number | boolean>;
  externalId: string | null;
  /** What the QR code on the asset opens */
  scanUrl: string;
  /** How often its code was scanned, and when last */
  scans: {
    count: number;
    lastAt: string | null;
  };
  archivedAt: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
};

export type AssetReference = {
  /** UUIDv7 */
  id: string;
  code: string;
  name: string;
};

export type AuditEntry = {
  id: string;
  kind: string;
  title: string;
  /** RFC 3339, UTC */
  at: string;
  /** RFC 3339, UTC */
  recordedAt: string;
  actor: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  ticketId: string | null;
  subjectId: string | null;
  data: Record<string, unknown>;
};

export type AuditPage = {
  items: (AuditEntry)[];
  lookedBackTo: string | null;
  nextCursor: string | null;
};

export type AutomationCall = {
  /** UUIDv7 */
  id: string;
  /** UUIDv7 */
  ruleId: string;
  /** UUIDv7 */
  ticketId: string;
  method: string;
  url: string;
  state: "waiting" | "done" | "failed";
  attempts: number;
  statusCode: number | null;
  answer: string | null;
  problem: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  settledAt: string | null;
};

export type AutomationEffect = {
  kind: "set" | "status" | "tag" | "untag" | "assign" | "comment" | "notify" | "watch" | "checklist" | "macro" | "flow" | "create" | "call";
  done: boolean;
  /** What came of it: a ticket’s number, names, the call’s id */
  detail: Record<string, unknown>;
};

export type AutomationRule = {
  /** UUIDv7 */
  id: string;
  name: string;
  description: string | null;
  position: number;
  enabled: boolean;
  /** When it acted, the rules after it are not asked about the same event */
  stopAfterMatch: boolean;
  archived: boolean;
  definition: AutomationRuleDefinition | null;
  draft: AutomationRuleDefinition | null;
  publishedVersion: number | null;
  /** Of the draft, or of what was published where there is none */
  problems: (AutomationRuleProblem)[];
  suspended: {
    /** RFC 3339, UTC */
    at: string;
    reason: string;
  } | null;
  failures: number;
  /** Failed runs that wait for somebody */
  parked: number;
  lastMatchedAt: string | null;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type AutomationRuleDefinition = {
  trigger: {
    kind: "facts";
    facts: ("ticket.created" | "ticket.changed" | "ticket.status_changed" | "ticket.assigned" | "ticket.transferred" | "ticket.accepted" | "ticket.declined" | "ticket.returned" | "ticket.waiting_started" | "ticket.waiting_ended" | "ticket.resolved" | "ticket.confirmed" | "ticket.reopened" | "ticket.closed" | "ticket.cancelled" | "ticket.rated" | "comment.added" | "merge.received" | "ticket.split" | "link.added" | "checklist.item_done" | "side_conversation.replied" | "visit.scheduled" | "visit.accepted" | "visit.declined" | "visit.travel_started" | "visit.checked_in" | "visit.completed" | "visit.obstacle_reported" | "visit.cancelled")[];
    after?: {
      n: number;
      unit: "minute" | "hour" | "day" | "week";
    };
  } | {
    kind: "schedule";
    every: {
      kind: "interval";
      n: number;
      unit: "minute" | "hour";
    } | {
      kind: "daily";
      /** HH:MM by the organization’s clock */
      at: string;
    } | {
      kind: "weekly";
      /** Monday is 1 */
      days: (number)[];
      /** HH:MM by the organization’s clock */
      at: string;
    };
  } | {
    kind: "untouched";
    for: {
      n: number;
      unit: "minute" | "hour" | "day" | "week";
    };
  };
  counts?: ({
    /** Conditions name it count.<key> */
    key: string;
    same: "asset" | "customer" | "account" | "category" | "site";
    within: {
      n: number;
      unit: "minute" | "hour" | "day" | "week";
    };
    sameType?: boolean;
  })[];
  conditions: TicketFilter;
  actions: ({
    kind: "set";
    priority?: "urgent" | "high" | "normal" | "low";
    category?: string | null;
    fields?: Record<string, unknown>;
  } | {
    kind: "status";
    /** Id of an own status, or a class */
    status: string;
    for?: "customer" | "supplier" | "part" | "other";
    reason?: string;
    resolution?: string;
  } | {
    kind: "tag" | "untag";
    tags: (string)[];
  } | {
    kind: "assign";
    to: {
      /** UUIDv7 */
      person: string;
    } | {
      /** UUIDv7 */
      team: string;
    } | {
      expression: "creator" | "assignee" | "team_lead" | "last_for_asset" | "last_for_customer" | "category_team" | "ticket_team";
    };
    note?: string;
  } | {
    kind: "comment";
    visibility: "public" | "internal";
    body: string;
  } | {
    kind: "notify";
    whom: ({
      /** UUIDv7 */
      person: string;
    } | {
      /** UUIDv7 */
      team: string;
    } | {
      expression: "creator" | "assignee" | "team_lead" | "last_for_asset" | "last_for_customer" | "category_team" | "ticket_team";
    })[];
    text: string;
  } | {
    kind: "watch";
    whom: ({
      /** UUIDv7 */
      person: string;
    } | {
      /** UUIDv7 */
      team: string;
    } | {
      expression: "creator" | "assignee" | "team_lead" | "last_for_asset" | "last_for_customer" | "category_team" | "ticket_team";
    })[];
  } | {
    kind: "checklist";
    items?: (string)[];
    /** UUIDv7 */
    template?: string;
  } | {
    kind: "macro";
    macro: string;
  } | {
    kind: "flow";
    /** Id of a published flow */
    flow: string;
  } | {
    kind: "create";
    relation: "child" | "related" | "none";
    /** Id or key; the default type when absent */
    type?: string;
    subject: string;
    description?: string;
    priority?: "urgent" | "high" | "normal" | "low";
    /** UUIDv7 */
    category?: string;
    /** UUIDv7 */
    team?: string;
    tags?: (string)[];
  } | {
    kind: "call";
    method: "POST" | "PUT" | "GET";
    url: string;
    headers?: Record<string, string>;
    /** With variables; the ticket as JSON when absent */
    body?: string;
  })[];
  once?: {
    per: "ticket" | "asset" | "customer";
    within?: {
      n: number;
      unit: "minute" | "hour" | "day" | "week";
    };
  };
};

export type AutomationRulePreview = {
  items: (TicketSummary)[];
  nextCursor: string | null;
  count: number;
  /** There are at least so many */
  capped: boolean;
  /** Properties of what happens, which no ticket has now: conditions on them were taken as met */
  leftOut: (string)[];
  problems: (AutomationRuleProblem)[];
};

export type AutomationRuleProblem = {
  path: string;
  code: string;
  message: string;
};

export type AutomationRuleTrial = {
  holds: boolean;
  conditions: ExplainedConditions;
  effects: (AutomationEffect)[];
  failure: {
    code: string;
    message: string;
    action: number | null;
  } | null;
  leftOut: (string)[];
};

export type AutomationRuleVersion = {
  number: number;
  name: string;
  definition: AutomationRuleDefinition;
  note: string | null;
  restored: number | null;
  publishedBy: Reference | null;
  /** RFC 3339, UTC */
  publishedAt: string;
  current: boolean;
};

export type AutomationRun = {
  /** UUIDv7 */
  id: string;
  rule: {
    /** UUIDv7 */
    id: string;
    name: string;
    version: number;
    /** What it counted, at this version */
    counts: ({
      /** Conditions name it count.<key> */
      key: string;
      same: "asset" | "customer" | "account" | "category" | "site";
      within: {
        n: number;
        unit: "minute" | "hour" | "day" | "week";
      };
      sameType?: boolean;
    })[];
  };
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
  } | null;
  factKind: string | null;
  outcome: "matched" | "missed" | "skipped" | "parked" | "retried";
  reason: "own_effect" | "loop" | "repeated" | "stopped" | "rate" | null;
  conditions: ExplainedConditions | null;
  effects: (AutomationEffect)[];
  failure: {
    code: string;
    message: string;
    action: number | null;
  } | null;
  /** The rules that led here, oldest first */
  chain: ({
    /** UUIDv7 */
    id: string;
    name: string | null;
  })[];
  /** RFC 3339, UTC */
  at: string;
};

export type AutomationSigning = {
  secret: string;
  previous: {
    secret: string;
    /** RFC 3339, UTC */
    until: string;
  } | null;
  changedAt: string | null;
  version: number;
};

export type BeatPresence = {
  /** Sent every 10 s; whoever is silent for 30 s has left */
  state: "viewing" | "typing" | "left";
  /** Tells several windows of one person apart */
  tab?: string;
  /** What is being written is for colleagues: the customer is not told of it */
  note?: true;
};

export type BrokenRule = {
  code: "promise" | "off_duty" | "overtime" | "break_missed" | "skill" | "not_required" | "banned" | "territory" | "access_hours" | "person_locked" | "time_locked" | "range_locked" | "capacity" | "most_visits" | "released_held" | "released_promised" | "second_missing" | "deadline" | "place_unknown";
  /** In words */
  title: string;
  detail: string | null;
  /** Saving it takes a reason */
  hard: boolean;
  /** Not broken as things stand without the draft */
  isNew: boolean;
  /** UUIDv7 */
  technicianId: string;
  visitId: string | null;
  ticketId: string | null;
};

export type BulkAction = {
  kind: "accept" | "decline" | "assign" | "transfer" | "wait" | "resume" | "resolve" | "confirm" | "reopen" | "close" | "cancel" | "set_status" | "reply" | "note" | "tag" | "untag" | "set" | "macro";
  assignee?: string | null;
  /** assign: who had it, or null for nobody, as the caller saw it; refused when somebody else has it by now */
  expectedAssignee?: string | null;
  /** assign: why something is done against a rule (a skill they lack, whom the customer wants or does not accept, an area they do not serve, a visit that is held, another window than the one that was promised); refused with `override_needed` without it. transfer: the same, where `reason` says nothing */
  override?: string;
  /** UUIDv7 */
  team?: string;
  /** assign: schedule an on-site visit; assigning a technician does so by itself */
  visit?: {
    /** RFC 3339, UTC */
    windowStart?: string;
    /** RFC 3339, UTC */
    windowEnd?: string;
    /** Who comes along */
    members?: (string)[];
  };
  reason?: string;
  note?: string;
  /** wait: for whom */
  for?: "customer" | "supplier" | "part" | "other";
  /** resolve: what was done */
  resolution?: string;
  /** Answers that come with the step; those that the form wants in the state it leads to are refused when missing */
  fields?: Record<string, unknown>;
  /** set_status: id of an own status, or a class; other actions: id of an own status of the class they lead to */
  status?: string;
  /** resolve: whether open children are resolved with it; leave when absent */
  children?: "resolve" | "leave";
  /** reply, note */
  body?: string;
  /** Staff ids */
  mentions?: (string)[];
  /** Team ids: all their members are told */
  mentionTeams?: (string)[];
  /** A public reply goes to the customers of all children as well */
  toChildren?: boolean;
  tags?: (string)[];
  /** set: what */
  set?: {
    subject?: string;
    priority?: "urgent" | "high" | "normal" | "low";
    category?: string | (string)[] | null;
    /** Id of an own status of the class the ticket is in, or that class for none; other classes are reached by actions */
    status?: string;
    /** Those named are changed; null empties one */
    fields?: Record<string, unknown>;
  };
  /** UUIDv7 */
  macroId?: string;
};

export type BulkResult = {
  /** UUIDv7 */
  ticketId: string;
  number: string | null;
  subject: string | null;
  outcome: "pending" | "done" | "unchanged" | "refused" | "failed";
  code: string | null;
  message: string | null;
};

export type BulkRun = {
  id: string | null;
  state: "preview" | "running" | "done" | "cancelled";
  action: BulkAction;
  /** Tickets chosen */
  total: number;
  counts: {
    pending: number;
    done: number;
    unchanged: number;
    refused: number;
    failed: number;
  };
  createdBy: Reference | null;
  createdAt: string | null;
  finishedAt: string | null;
  /** Of a preview and of a run within the request; else asked for page by page */
  results: (BulkResult)[];
};

export type BulkSelection = {
  ids?: (string)[];
  view?: string;
  filter?: TicketFilter;
  /** Number or its end, phone number or its last four digits, words, “phrases in quotes” */
  q?: string;
  /** Without ids: what the preview said; another number is refused, as something came or went meanwhile */
  expectedCount?: number;
};

export type BusinessCalendar = {
  /** UUIDv7 */
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  default: boolean;
  archived: boolean;
  definition: CalendarDefinition | null;
  draft: CalendarDefinition | null;
  publishedVersion: number | null;
  /** Of the draft, or of what was published where there is none */
  problems: (DefinitionProblem)[];
  /** Its week in words, in the language of Accept-Language */
  week: string;
  /** Of this year and the next, those whose holidays are not published yet: they are not guessed */
  unpublishedYears: (number)[];
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type BusinessCalendarVersion = {
  number: number;
  definition: CalendarDefinition;
  note: string | null;
  restored: number | null;
  publishedBy: Reference | null;
  /** RFC 3339, UTC */
  publishedAt: string;
  current: boolean;
};

export type CalendarDefinition = {
  /** IANA, Asia/Shanghai */
  timeZone: string;
  windows: ({
    /** Monday is 1 */
    weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7;
    /** Minutes from midnight; 1440 is 24:00 */
    startsMinute: number;
    /** Minutes from midnight; 1440 is 24:00 */
    endsMinute: number;
  })[];
  /** Monday is 1 */
  makeUpWeekday?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  sources: (string)[];
  exceptions: Record<string, {
    kind: "holiday" | "workday" | "closed" | "open";
    name?: string;
    windows?: ({
      /** Minutes from midnight; 1440 is 24:00 */
      startsMinute: number;
      /** Minutes from midnight; 1440 is 24:00 */
      endsMinute: number;
    })[];
    /** Monday is 1 */
    weekday?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  }>;
};

export type CalendarFeed = {
  active: boolean;
  createdAt: string | null;
  /** About when a calendar last asked */
  lastReadAt: string | null;
};

export type CalendarFeedMade = {
  /** Whoever has it reads the visits; made anew, the one before opens nothing */
  url: string;
};

export type Call = {
  /** UUIDv7 */
  id: string;
  direction: "inbound" | "outbound";
  state: "ringing" | "answered" | "ended" | "missed";
  number: string | null;
  line: string | null;
  agent: {
    extension: string | null;
    staff: Reference | null;
  };
  /** RFC 3339, UTC */
  startedAt: string;
  answeredAt: string | null;
  endedAt: string | null;
  seconds: number | null;
  customer: {
    /** UUIDv7 */
    id: string;
    name: string;
    /** number: it is one they proved to be theirs; chosen: somebody said so */
    by: "number" | "chosen";
  } | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  } | null;
  /** The ticket asks somebody to call back */
  callsBack: boolean;
  note: string;
  recording: {
    state: "none" | "waiting" | "kept" | "lost";
    mediaType: string | null;
    failure: string | null;
  };
  transcript: "none" | "waiting" | "done" | "failed";
  channel: Reference;
  version: number;
  /** RFC 3339, UTC */
  createdAt: string;
};

export type CallCard = {
  /** UUIDv7 */
  id: string;
  direction: "inbound" | "outbound";
  state: "ringing" | "answered" | "ended" | "missed";
  number: string | null;
  line: string | null;
  agent: {
    extension: string | null;
    staff: Reference | null;
  };
  /** RFC 3339, UTC */
  startedAt: string;
  answeredAt: string | null;
  endedAt: string | null;
  seconds: number | null;
  customer: {
    /** UUIDv7 */
    id: string;
    name: string;
    /** number: it is one they proved to be theirs; chosen: somebody said so */
    by: "number" | "chosen";
  } | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  } | null;
  /** The ticket asks somebody to call back */
  callsBack: boolean;
  note: string;
  recording: {
    state: "none" | "waiting" | "kept" | "lost";
    mediaType: string | null;
    failure: string | null;
  };
  transcript: "none" | "waiting" | "done" | "failed";
  channel: Reference;
  version: number;
  /** RFC 3339, UTC */
  createdAt: string;
  segments: (Segment)[];
  transcriptFailure: string | null;
  /** Whose number it is; not who it is, where they did not prove it */
  people: ({
    /** UUIDv7 */
    id: string;
    name: string;
    tier: string | null;
    account: Reference | null;
    phone: string | null;
    /** They proved that the number is theirs */
    verified: boolean;
    /** Unfinished ones, newest first, as far as the reader may see them */
    tickets: ({
      /** UUIDv7 */
      id: string;
      number: string;
      subject: string;
      status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    })[];
  })[];
  /** Unfinished ones on which this number stands though none of these people has them, newest first */
  tickets: ({
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  })[];
  /** Newest first */
  contacts: ({
    kind: "call" | "message" | "ticket";
    /** RFC 3339, UTC */
    at: string;
    channel: string;
    direction: "inbound" | "outbound" | "internal";
    text: string;
    ticket: {
      /** UUIDv7 */
      id: string;
      number: string;
      subject: string;
      status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    } | null;
  })[];
};

export type CancelFlow = {
  reason: string;
};

export type CannedReply = {
  /** UUIDv7 */
  id: string;
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind: "personal" | "team" | "shared";
  owner: Reference | null;
  team: Reference | null;
  name: string;
  shortcut: string | null;
  category: string | null;
  body: string;
  useCount: number;
  active: boolean;
  /** Whether the reader may change or archive it */
  editable: boolean;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type Category = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  parentId: string | null;
  path: (string)[];
  level: number;
  team: Reference | null;
  serviceMinutes: number | null;
  skills: (SkillNeed)[] | null;
  crew: (CrewPlace)[] | null;
  position: number;
  active: boolean;
  version: number;
};

export type CategoryImport = {
  dryRun: boolean;
  rows: number;
  made: number;
  present: number;
  refused: number;
  /** Categories of all levels; a row may make up to three */
  categoriesMade: number;
  results: ({
    /** Line of the file it begins on, from 1 */
    row: number;
    outcome: "made" | "present" | "refused";
    path: (string)[];
    categoryId: string | null;
    column: string | null;
    code: string | null;
    message: string | null;
  })[];
};

export type CategoryReference = {
  /** UUIDv7 */
  id: string;
  path: (string)[];
};

export type ChangeAbsence = {
  /** RFC 3339, UTC */
  from?: string;
  /** RFC 3339, UTC */
  to?: string;
  coverId?: string | null;
  note?: string | null;
};

export type ChangeAutomationSigning = {
  /** How long the key before signs as well; 7 days when absent, 0: not at all */
  keepPreviousDays?: number;
};

export type ChangeVisitMembers = {
  members: (string)[];
  /** Why somebody comes along whom the customer does not accept, who knows too little or does not serve the area; refused with `override_needed` without it */
  override?: string;
};

export type ChannelAccount = {
  /** UUIDv7 */
  id: string;
  kind: string;
  name: string;
  address: string | null;
  active: boolean;
  health: ChannelHealth | null;
};

export type ChannelHealth = {
  state: "unused" | "well" | "refusing" | "off";
  lastReceivedAt: string | null;
  lastRefusedAt: string | null;
  lastRefusal: string | null;
  /** Messages not taken in yet; counted up to 1,000 */
  waiting: number;
  /** Messages put aside; counted up to 1,000 */
  quarantined: number;
  /** Answers of the last 24 hours to those who write by it; of very many the newest 5,000. `failingSince`: the first that failed after the last that went out */
  replies: {
    sent: number;
    /** Those that failed, are held, or are tried again, as far as it lies with the account or the platform; not what one customer takes no more */
    failed: number;
    /** Those of them after the last that went out */
    failing: number;
    lastFailedAt: string | null;
    failure: string | null;
    failureDetail: string | null;
    failingSince: string | null;
  };
  /** Messages that came within the last minute; counted up to 10,000 */
  lastMinute: number;
  /** Messages that came within the last 24 hours; counted up to 10,000 */
  lastDay: number;
};

export type ChatContact = {
  name?: string;
  email?: string;
  phone?: string;
};

export type ChatFile = {
  /** UUIDv7 */
  id: string;
  name: string;
  mediaType: string;
  size: number;
  width: number | null;
  height: number | null;
};

export type ChatMessage = {
  /** Its place in the chat, from 1 on without gaps */
  seq: number;
  key: string;
  /** in: the visitor’s own */
  direction: "in" | "out";
  body: string;
  files: (ChatFile)[];
  author: string | null;
  /** RFC 3339, UTC */
  at: string;
};

export type ChatPage = {
  url: string;
  title?: string;
  referrer?: string;
};

export type ChatPresence = {
  /** signed_out: they left the own site’s account; the tokens of the visit are good for nothing any longer */
  state: "here" | "typing" | "left" | "signed_out";
  page?: ChatPage;
};

export type ChatSeen = {
  upTo: number;
};

export type ChatState = {
  /** Those behind `after`, oldest first; the newest of all without it */
  messages: (ChatMessage)[];
  /** There are others behind these */
  more: boolean;
  /** The place of the newest of all */
  last: number;
  /** Up to which place somebody of the staff has seen it */
  seen: number;
  /** Somebody of the staff is writing */
  typing: boolean;
};

export type ChatVisit = {
  /** For the addresses of the visit; lasts for 90 days, for a user of the own site for 12 hours, and begins anew with each visit. None that was given out before somebody signed in or out of the site is good any longer */
  token: string;
  /** RFC 3339, UTC */
  expiresAt: string;
  contact: {
    name: string | null;
    email: string | null;
    phone: string | null;
  };
  chat: ChatState;
};

export type ChatWindow = {
  organization: {
    name: string;
    slug: string;
  };
  title: {
    "zh-CN": string;
    en: string;
  };
  greeting: {
    "zh-CN": string;
    en: string;
  };
  /** Of the head and the button, as #rrggbb */
  color: string;
  /** auto: the page’s own */
  language: "auto" | "zh-CN" | "en";
  /** Whether visitors are asked for name and contact before they write */
  ask: "never" | "optional" | "required";
  away: {
    "zh-CN": string;
    en: string;
  } | null;
  /** Whether visitors can write at present */
  open: boolean;
};

export type CheckFlow = {
  definition: FlowDefinition;
};

export type CheckForm = {
  form: Form;
};

export type Checklist = {
  items: (ChecklistItem)[];
  done: number;
  total: number;
};

export type ChecklistItem = {
  /** UUIDv7 */
  id: string;
  text: string;
  /** The ticket cannot be resolved while it is open */
  required: boolean;
  done: {
    /** RFC 3339, UTC */
    at: string;
    by: {
      id: string | null;
      name: string | null;
    };
  } | null;
  assignee: Reference | null;
  dueAt: string | null;
  template: Reference | null;
  version: number;
};

export type ChecklistTemplate = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  items: (string)[];
  /** New tickets of these types get it by themselves */
  ticketTypes: (Reference)[];
  /** A ticket cannot be resolved while an item of it is open */
  requiredBeforeResolve: boolean;
  active: boolean;
  version: number;
};

export type ChooseAppointment = {
  /** RFC 3339, UTC */
  windowStart: string;
  /** RFC 3339, UTC */
  windowEnd: string;
};

export type ChooseNews = {
  /** all; results: only how it ended; answers: nothing but answers of people */
  choice: "all" | "results" | "answers";
};

export type Colleagues = {
  items: ({
    /** UUIDv7 */
    id: string;
    name: string;
    extension: string;
  })[];
};

export type ColumnMapping = ({
  /** Place of the column, from 0 */
  column: number;
  target: string;
})[];

export type Comment = {
  /** UUIDv7 */
  id: string;
  /** UUIDv7 */
  ticketId: string;
  visibility: "public" | "internal";
  direction: "inbound" | "outbound" | "internal";
  author: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  body: string;
  files: (File)[];
  /** RFC 3339, UTC */
  createdAt: string;
  origin: {
    kind: "merged" | "copied" | "parent";
    number: string;
  } | null;
  /** Of an answer to a ticket that came by a conversation: what became of it, for each of those it went to */
  deliveries: (ReplyDelivery)[];
};

export type Completion = {
  /** The id of the connector */
  source: string;
  name: string;
  state: "waiting" | "filled" | "nothing" | "failed";
  /** What it filled in, as targets of its mapping */
  filled: (string)[];
  reason: string | null;
  said: string | null;
  attempts: number;
  at: string | null;
};

export type ConfirmGuesses = {
  fields: (string)[];
};

export type ConfirmNoticeAddress = {
  code: string;
};

export type Connector = {
  /** UUIDv7 */
  id: string;
  kind: "http" | "kuaidi100";
  name: string;
  active: boolean;
  type: Reference | null;
  /** What is no secret */
  settings: Record<string, string>;
  /** Which secrets are kept; none is ever shown again */
  secrets: (string)[];
  mapping: (FieldMapping)[];
  /** What of a ticket it asks with: it is asked once all of it is there, and anew when any of it changes */
  asksFor: (string)[];
  /** Of the last seven days; counted up to 1,000 */
  health: {
    filled: number;
    failed: number;
    waiting: number;
    lastAt: string | null;
    lastFailure: string | null;
  };
  version: number;
  /** RFC 3339, UTC */
  createdAt: string;
};

export type ConnectorList = {
  items: (Connector)[];
  nextCursor: null;
};

export type ContactPoint = {
  /** UUIDv7 */
  id: string;
  kind: "phone" | "email" | "wechat_openid" | "wechat_unionid" | "wecom_external_id" | "dingtalk_id" | "feishu_id" | "alipay_id" | "other";
  value: string | null;
  label: string | null;
  verifiedAt: string | null;
  /** The first choice among those of its kind */
  preferred: boolean;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
  customer: Reference;
};

export type CountGroups = {
  view?: string;
  filter?: TicketFilter;
  grouping: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel";
  /** A status, priority or channel, or the id of a person, team, department or type; `none` for those without */
  groups: (string)[];
};

export type CreateAccount = {
  name: string;
  kind?: "company" | "household" | "building" | "community" | "shop" | "institution" | "other";
  parentId?: string | null;
  code?: string | null;
  tier?: string | null;
  address?: string | null;
  description?: string | null;
  externalId?: string | null;
};

export type CreateApiKey = {
  name: string;
  /** What the key may do; never more than its owner. All of the owner’s when absent */
  permissions?: ("ticket.read" | "ticket.create" | "ticket.update" | "ticket.assign" | "ticket.resolve" | "ticket.close" | "ticket.cancel" | "ticket.reply" | "ticket.note" | "visit.work" | "customer.read" | "customer.write" | "personal_data.reveal" | "asset.read" | "asset.write" | "organization.read" | "organization.write" | "settings.write" | "import.run" | "insight.read" | "view.share" | "macro.share" | "automation.manage" | "audit.read" | "api_key.manage")[];
  /** RFC 3339, UTC */
  expiresAt?: string;
};

export type CreateAsset = {
  code: string;
  name: string;
  model?: string | null;
  serialNumber?: string | null;
  customerId?: string | null;
  accountId?: string | null;
  siteId?: string | null;
  parentId?: string | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  criticality?: "low" | "normal" | "high";
  warrantyUntil?: string | null;
  installedOn?: string | null;
  attributes?: Record<string, string | number | boolean>;
  externalId?: string | null;
};

/** It begins as a draft */
export type CreateAutomationRule = {
  name: string;
  description?: string | null;
  definition: AutomationRuleDefinition;
  stopAfterMatch?: boolean;
};

/** It begins as a draft */
export type CreateBusinessCalendar = {
  key: string;
  name: string;
  nameEn?: string | null;
  definition: CalendarDefinition;
};

export type CreateCannedReply = {
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name: string;
  shortcut?: string | null;
  category?: string | null;
  /** Text with variables such as {{customer.name}} or {{customer.name|您}} */
  body: string;
};

export type CreateChannel = {
  kind: "webhook" | "alertmanager" | "zabbix" | "wechat_official_account" | "wechat_mini_program" | "wechat_kf" | "wecom" | "dingtalk" | "feishu" | "email" | "web_chat" | "phone" | "hotline" | "sms" | "telegram" | "whatsapp" | "messenger" | "line" | "douyin" | "weibo" | "mqtt";
  name: string;
  mode?: string;
  settings?: Record<string, string>;
  mapping?: (FieldMapping)[];
  active?: boolean;
};

export type CreateChecklistTemplate = {
  name: string;
  nameEn?: string;
  items: (string)[];
  ticketTypeIds?: (string)[];
  requiredBeforeResolve?: boolean;
};

export type CreateConnector = {
  kind: "http" | "kuaidi100";
  name: string;
  type?: string | null;
  /** A secret that is left out stays as it is */
  settings?: Record<string, string>;
  mapping?: (FieldMapping)[];
  active?: boolean;
};

export type CreateCustomer = {
  name: string;
  phone?: string;
  email?: string;
  tier?: string | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  accountId?: string | null;
  accountRole?: string | null;
  language?: "zh-CN" | "en" | null;
  tags?: (string)[];
  idNumber?: string | null;
  externalId?: string | null;
};

export type CreateCustomerTier = {
  key: string;
  name: string;
  nameEn?: string | null;
  important?: boolean;
  position?: number;
};

export type CreatedChannel = {
  /** UUIDv7 */
  id: string;
  kind: "webhook" | "alertmanager" | "zabbix" | "wechat_official_account" | "wechat_mini_program" | "wechat_kf" | "wecom" | "dingtalk" | "feishu" | "email" | "web_chat" | "phone" | "hotline" | "sms" | "telegram" | "whatsapp" | "messenger" | "line" | "douyin" | "weibo" | "mqtt";
  name: string;
  active: boolean;
  mode: string;
  /** What is no secret */
  settings: Record<string, string>;
  /** Which secrets are kept; none is ever shown again */
  secrets: (string)[];
  mapping: (FieldMapping)[];
  /** Where the other program calls */
  url: string;
  mailPort: number | null;
  health: ChannelHealth;
  version: number;
  /** RFC 3339, UTC */
  createdAt: string;
  /** Secrets that were made up: shown this once */
  made: Record<string, string>;
};

export type CreateFlow = {
  name: string;
  nameEn?: string | null;
  description?: string | null;
  definition?: FlowDefinition;
  /** UUIDv7 */
  copyFrom?: string;
};

export type CreateImport = {
  kind: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
  fileId: string;
  mapping?: ColumnMapping;
  /** Looks at every row and says what would happen; writes nothing */
  dryRun?: boolean;
  /** Name of the sheet of a workbook; the first visible one when absent */
  sheet?: string;
  /** Of text files; found out when absent */
  encoding?: "utf-8" | "gb18030" | "utf-16le" | "utf-16be";
};

export type CreateMacro = {
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name: string;
  description?: string | null;
  steps: (MacroStep)[];
  condition?: Filter | null;
};

export type CreateReport = {
  description: string;
  /** UUIDv7 */
  type?: string;
  /** UUIDv7 */
  category?: string;
  /** Fields of the type by key; files are named by their upload tokens */
  fields?: Record<string, unknown>;
  contact: {
    name?: string;
    phone?: string;
  };
  location?: Location;
  uploads?: (string)[];
  /** Token of a scanned code, of an asset or a place */
  assetToken?: string;
};

export type CreateSite = {
  name: string;
  accessHours?: ({
    weekday: number;
    startsMinute: number;
    endsMinute: number;
  })[] | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  contactName?: string | null;
  contactPhone?: string | null;
  accessNotes?: string | null;
};

export type CreateSkill = {
  name: string;
  nameEn?: string | null;
};

/** It begins as a draft, behind the others */
export type CreateSlaPolicy = {
  name: string;
  nameEn?: string | null;
  definition: SlaPolicyDefinition;
};

export type CreateStaff = {
  name: string;
  email?: string;
  phone?: string;
  password?: string;
  job: "agent" | "technician" | "dispatcher" | "manager" | "administrator";
  /** UUIDv7 */
  departmentId?: string;
  teamIds?: (string)[];
  roleIds?: (string)[];
  skills?: ({
    /** Id, or either name */
    skill: string;
    level: number;
  })[];
};

export type CreateTerritory = {
  name: string;
  nameEn?: string | null;
  color?: "blue" | "green" | "orange" | "red" | "purple" | "cyan" | "pink" | "grey";
  /** The coordinates of a GeoJSON MultiPolygon: polygons of rings, of which the first is the outer one and the others are holes; 500 positions in all at most. A ring neither crosses nor touches itself */
  shape: ((((number)[])[])[])[];
  /** Coordinate system of the shape; WGS-84 when absent */
  crs?: "WGS84" | "GCJ02" | "BD09";
  teamIds?: (string)[];
  staffIds?: (string)[];
};

export type CreateTicket = {
  /** Id or key of the ticket type; the template’s or the organization’s default when absent */
  type?: string;
  /** UUIDv7 */
  template?: string;
  /** Needed unless the template has one */
  subject?: string;
  description?: string;
  requester?: RequesterInput;
  /** Id, or the path of names as a list or joined by “/” */
  category?: string | (string)[];
  priority?: "urgent" | "high" | "normal" | "low";
  /** UUIDv7 */
  team?: string;
  /** UUIDv7 */
  assignee?: string;
  /** Why somebody is sent against a rule (a skill they lack, whom the customer wants or does not accept, an area they do not serve); refused with `override_needed` without it */
  override?: string;
  fields?: Record<string, unknown>;
  location?: Location;
  /** UUIDv7 */
  assetId?: string;
  tags?: (string)[];
  channel?: "console" | "portal" | "phone" | "email" | "web" | "chat" | "wechat" | "mini_program" | "wecom" | "dingtalk" | "feishu" | "sms" | "social" | "qr" | "app" | "alarm" | "hotline" | "api";
  /** Ids of files uploaded before */
  attachments?: (string)[];
};

export type CreateTicketStatus = {
  class: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  name: string;
  nameEn?: string | null;
  color?: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  /** Needed in the class waiting, and only there */
  waitingFor?: "customer" | "supplier" | "part" | "other";
};

export type CreateTicketTemplate = {
  name: string;
  nameEn?: string | null;
  /** Id or key of the ticket type; the default one when absent */
  type?: string;
  subject?: string | null;
  description?: string | null;
  categoryId?: string | null;
  teamId?: string | null;
  priority?: "urgent" | "high" | "normal" | "low" | null;
  fields?: Record<string, unknown>;
  tags?: (string)[];
  /** Items the ticket’s checklist starts with */
  checklist?: (string)[];
  /** Checklist templates that are put onto the ticket */
  checklistIds?: (string)[];
};

export type CreateTicketType = {
  /** Stable name for programs */
  key: string;
  name: string;
  nameEn?: string | null;
  description?: string | null;
  offered?: boolean;
  /** UUIDv7 */
  copyFrom?: string;
  form?: Form;
};

export type CreateView = {
  kind: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name: string;
  nameEn?: string | null;
  filter: TicketFilter;
  icon?: string | null;
  columns?: (string)[];
  /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, or fields.<key> and -fields.<key> of an indexed field */
  sort?: string;
  grouping?: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel" | null;
  position?: number;
  favourite?: boolean;
};

export type CrewPlace = {
  skills: (SkillNeed)[];
};

/** staff is null when nobody is signed in */
export type CurrentSession = {
  csrfToken: string | null;
  staff: Me | null;
  feedPlace: string | null;
};

export type Customer = {
  /** UUIDv7 */
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  tier: string | null;
  account: Reference | null;
  address: string | null;
  tags: (string)[];
  /** Up to 1,000 */
  ticketCount: number;
  archivedAt: string | null;
  mergedInto: Reference | null;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
};

export type CustomerConversations = {
  items: ({
    /** UUIDv7 */
    id: string;
    /** The kind of the account */
    channel: string;
    account: string;
    contact: string | null;
    lastInboundAt: string | null;
    ticket: {
      number: string;
      subject: string;
    } | null;
  })[];
};

export type CustomerDetail = {
  /** UUIDv7 */
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  tier: string | null;
  account: Reference | null;
  address: string | null;
  tags: (string)[];
  /** Up to 1,000 */
  ticketCount: number;
  archivedAt: string | null;
  mergedInto: Reference | null;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
  idNumber: string | null;
  language: "zh-CN" | "en" | null;
  externalId: string | null;
  accountRole: string | null;
  location: {
    lat: number;
    lng: number;
  } | null;
  /** The first choices, then verified ones; with those of customers merged into this one */
  contactPoints: (ContactPoint)[];
  /** Customers merged into this one, newest first */
  merged: ({
    /** UUIDv7 */
    id: string;
    name: string;
    /** RFC 3339, UTC */
    mergedAt: string;
    mergedBy: string | null;
  })[];
  /** What they chose to hear of their tickets by itself */
  news: "all" | "results" | "answers";
  /** Up to 1,000 */
  assetCount: number;
  /** Up to 1,000 */
  noteCount: number;
  /** Whether the caller may have the masked data revealed */
  mayReveal: boolean;
};

export type CustomerNote = {
  /** UUIDv7 */
  id: string;
  /** UUIDv7 */
  customerId: string;
  body: string;
  author: {
    id: string | null;
    name: string | null;
  };
  pinned: boolean;
  /** RFC 3339, UTC */
  createdAt: string;
  editedAt: string | null;
  version: number;
};

export type CustomerTier = {
  /** UUIDv7 */
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  /** Requests of such customers press more: it counts for their priority */
  important: boolean;
  position: number;
  active: boolean;
  version: number;
};

export type DayFigures = {
  visits: number;
  travelSeconds: number;
  travelMetres: number;
  workSeconds: number;
  /** Of the shift: neither on the way nor at work nor at rest */
  idleSeconds: number;
  overtimeSeconds: number;
  /** Visits that begin later than promised, or end later than their deadline */
  late: number;
};

/** Items and what is left out are empty until it is ready, and in lists */
export type DayPlan = {
  /** UUIDv7 */
  id: string;
  state: "waiting" | "running" | "ready" | "failed" | "applied" | "withdrawn";
  /** The state in words */
  title: string;
  date: string;
  teams: (Reference)[];
  event: "technician_absent" | "visit_late" | "urgent_ticket" | null;
  keep: "promises" | "people" | "everything";
  seconds: number;
  promiseMinutes: number | null;
  requestedBy: Reference | null;
  /** RFC 3339, UTC */
  requestedAt: string;
  startedAt: string | null;
  readyAt: string | null;
  endedAt: string | null;
  endedBy: string | null;
  failure: {
    code: "nothing_to_plan" | "nobody_on_duty" | "too_much" | "broken" | "given_up";
    title: string;
  } | null;
  before: DayFigures | null;
  after: DayFigures | null;
  /** Bookings with somebody else, at another time (by more than a quarter of an hour), or out of the plan */
  moved: number;
  /** Of how many */
  bookings: number;
  items: (PlanItem)[];
  leftOut: (PlanLeftOut)[];
  aside: {
    /** Beyond the most pressing 1000 */
    beyond: number;
    /** Asked for, but waiting no longer, or not the caller’s to give out */
    gone: number;
    /** Promised for a later day */
    later: number;
  } | null;
  travel: "straight_line" | "learned" | "osrm" | "amap" | "mixed" | null;
  version: number;
};

/** windowStart to windowEnd is what was promised to the customer */
export type DayStop = {
  visitId: string | null;
  ticketId: string | null;
  /** Its ticket is not for the caller to read: only its times are told, and it cannot be moved */
  withheld: boolean;
  /** Empty when withheld */
  number: string;
  /** Empty when withheld */
  subject: string;
  priority: "urgent" | "high" | "normal" | "low" | null;
  category: (string)[] | null;
  place: {
    text: string | null;
    lat: number | null;
    lng: number | null;
  } | null;
  status: "scheduled" | "accepted" | "travelling" | "on_site" | "completed" | "incomplete" | "declined" | "cancelled" | null;
  /** Under way, over, or withheld: it cannot be moved */
  fixed: boolean;
  windowStart: string | null;
  windowEnd: string | null;
  dueAt: string | null;
  lock: VisitLock | null;
  plannedStart: string | null;
  /** RFC 3339, UTC */
  arrivesAt: string;
  /** As it is reckoned now; of what has happened, when it did */
  startsAt: string;
  /** RFC 3339, UTC */
  endsAt: string;
  /** From the stop before */
  travelSeconds: number;
  travelMetres: number;
  travelFrom: TravelOrigin | null;
  serviceMinutes: number;
  serviceFrom: "on_site" | "person" | "learned" | "category" | "usual";
  late: boolean;
  /** Behind the promised window or the deadline, whichever is worse; 0 in time */
  lateSeconds: number;
  skills: ({
    skill: Reference;
    level: number;
  })[];
  missingSkills: ({
    skill: Reference;
    level: number;
  })[];
  /** Who comes beside the one who leads */
  members: (Reference)[];
  /** This is somebody’s part in a visit that another one leads: it is moved with that */
  along: boolean;
  /** Of the visit, or of the ticket where there is none: what a draft was made from */
  version: number;
};

export type DayTechnician = {
  /** UUIDv7 */
  id: string;
  name: string;
  teamIds: (string)[];
  onDuty: boolean;
  /** False: nobody has entered when they work, so they count as at work all day */
  shiftsKnown: boolean;
  shifts: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
  /** Between two shifts of the day */
  breaks: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
  absences: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
  /** Can be called out for what is urgent, outside of their shifts */
  onCall: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
  skills: ({
    skill: Reference;
    level: number;
  })[];
  home: {
    lat: number;
    lng: number;
  } | null;
  start: {
    lat: number;
    lng: number;
    from: "check_in" | "home" | "recent_work" | "unknown";
  } | null;
  position: {
    lat: number;
    lng: number;
    /** RFC 3339, UTC */
    at: string;
  } | null;
  /** In order */
  stops: (DayStop)[];
  returnsAt: string | null;
  figures: DayFigures;
};

export type DeclineOffer = {
  reason?: string;
};

export type DefinitionProblem = {
  path: string;
  code: string;
  message: string;
};

export type DelegateTicket = {
  /** UUIDv7 */
  staffId: string;
  note?: string;
};

export type Department = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  parentId: string | null;
  position: number;
  active: boolean;
  version: number;
};

export type DispatchDay = {
  date: string;
  zone: string;
  /** RFC 3339, UTC */
  now: string;
  /** RFC 3339, UTC */
  from: string;
  /** RFC 3339, UTC */
  to: string;
  /** Those that the caller gives work to */
  teams: (Reference)[];
  /** By name, at most 300 */
  technicians: (DayTechnician)[];
  technicianCount: number;
  figures: DayFigures;
  travel: "straight_line" | "learned" | "osrm" | "amap" | "mixed";
};

export type DispatchedOffer = {
  offer: Offer;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    priority: "urgent" | "high" | "normal" | "low";
    team: Reference | null;
  };
};

export type DispatchModes = {
  team: Reference;
  settings: {
    /** How its tickets are given out */
    mode: "direct" | "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
    /** Types of tickets that are given out otherwise */
    types: ({
      /** UUIDv7 */
      typeId: string;
      mode: "direct" | "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
    })[];
    /** grab: from narrow to wide; behind the last comes the whole team */
    rings: ({
      people: number | null;
      kilometres: number | null;
      minutes: number | null;
    })[];
    /** Who are the first of a ring */
    ringOrder: "best_match" | "nearest";
    widenMinutes: number;
    acceptMinutes: number;
    /** How many are asked one after another */
    mostCandidates: number;
    /** Who is told when nobody took it */
    escalateTo: "dispatchers" | "lead" | "both";
    /** What is told of the place before somebody has taken it */
    place: "area" | "address";
  };
  /** False while the team goes by the usual settings */
  own: boolean;
  /** 0 while nothing was ever entered */
  version: number;
};

/** Reckoned with today’s people and their day, as nobody keeps what was on another */
export type DispatchPreview = {
  /** The newest tickets of the team that somebody was sent to or could be */
  items: ({
    ticket: {
      /** UUIDv7 */
      id: string;
      number: string;
      subject: string;
    };
    assignee: Reference | null;
    now: {
      technician: Reference;
      score: number;
    } | null;
    draft: {
      technician: Reference;
      score: number;
    } | null;
  })[];
  /** How many would be proposed to somebody else */
  changed: number;
};

export type DispatchRules = {
  team: Reference;
  rules: {
    /** Of the working time of its people, kept for what is urgent */
    reservePercent: number;
    /** Nobody is sent from outside of the territories a ticket lies in; else it counts in the score */
    withinTerritory: boolean;
  };
  /** 0 while nothing was ever entered */
  version: number;
};

export type DispatchWeights = {
  team: Reference;
  /** What each counts against the others; what tells nobody from another, as where no territory is drawn, counts nothing */
  weights: {
    travel: number;
    promptness: number;
    skill: number;
    load: number;
    territory: number;
    familiarity: number;
    preference: number;
    fairness: number;
  };
  /** False while the team goes by the usual weights */
  own: boolean;
  /** 0 while nothing was ever entered */
  version: number;
};

export type Draft = {
  place: string;
  content: Record<string, unknown>;
  version: number;
  /** RFC 3339, UTC */
  updatedAt: string;
};

/** before, after and difference (after less before) are of those whose day changes */
export type DraftEvaluation = {
  /** Those whose day changes, also those who only lose something */
  technicians: ({
    /** UUIDv7 */
    technicianId: string;
    stops: (DayStop)[];
    returnsAt: string | null;
    figures: DayFigures;
  })[];
  broken: (BrokenRule)[];
  before: DayFigures;
  after: DayFigures;
  difference: DayFigures;
  travel: "straight_line" | "learned" | "osrm" | "amap" | "mixed";
};

export type DuplicateCandidate = {
  customer: Customer;
  score: number;
  reasons: (DuplicateReason)[];
};

export type DuplicateReason = {
  reason: "same_phone" | "same_email" | "said_phone" | "said_email" | "same_identifier" | "same_id_number" | "similar_name" | "similar_address" | "same_account";
  points: number;
  detail: string | null;
};

export type EvaluateDayDraft = {
  date: string;
  /** Those whose day changes; the others stay as they are */
  technicians: ({
    /** UUIDv7 */
    technicianId: string;
    /** In order. What they have that day beside these stays, where its planned time puts it */
    stops: ({
      /** Of that day, or of another one: then it is moved to that day */
      visitId?: string;
      /** A ticket that has no visit yet; one of the two */
      ticketId?: string;
      /** With ticketId: a visit of it that was called off. It is arranged as that was: with what the customer was told, who came along, the note and what was held */
      asVisit?: string;
      /** Not sooner than this. When absent: a visit that stays with its technician not sooner than it was planned, any other as soon as can be */
      startsAt?: string;
      lock?: VisitLock | null;
      /** Of the visit, or of the ticket where there is none: with it the change is refused when somebody else changed it meanwhile */
      version?: number;
    })[];
  })[];
  /** Visits that are called off, their tickets given back to the unplanned */
  released?: ({
    /** UUIDv7 */
    visitId: string;
    version?: number;
  })[];
};

export type ExplainBreach = {
  /** Key of the clock */
  clock: string;
  reason: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other";
  note?: string;
};

export type ExplainedClock = {
  key: string;
  metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution";
  name: string;
  team: Reference | null;
  step: string | null;
  status: "running" | "outside_hours" | "paused" | "met" | "cancelled";
  /** RFC 3339, UTC */
  startedAt: string;
  dueAt: string | null;
  breachedAt: string | null;
  endedAt: string | null;
  /** What is promised: working minutes */
  minutes: number;
  usedMinutes: number;
  /** Less than 0 when it is over */
  remainingMinutes: number;
  summary: string;
  lines: ({
    kind: string;
    /** RFC 3339, UTC */
    from: string;
    to: string | null;
    overdue: boolean;
    ahead: boolean;
    text: string;
  })[];
  /** From 0 (its start) to 1 (its end, or what is foreseen) */
  picture: {
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
    segments: ({
      start: number;
      width: number;
      /** RFC 3339, UTC */
      from: string;
      /** RFC 3339, UTC */
      to: string;
      kind: "running" | "outside_hours" | "paused" | "mixed";
      overdue: boolean;
      ahead: boolean;
    })[];
    marks: ({
      position: number;
      /** RFC 3339, UTC */
      at: string;
      kind: "now" | "warning" | "due" | "escalation" | "promise" | "met" | "cancelled";
      percent?: number;
    })[];
  };
  reason: {
    reason: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other";
    note: string | null;
    by: Reference | null;
    /** RFC 3339, UTC */
    at: string;
  } | null;
  /** The promise was broken and nobody said why */
  asksReason: boolean;
};

export type ExplainedConditions = Record<string, unknown>;

export type ExtractedText = {
  found: ({
    kind: "phone" | "email" | "name" | "place" | "plate" | "order" | "asset" | "model" | "amount" | "time";
    value: string;
    words: string;
    start: number;
    end: number;
    confidence: number;
    /** Of a span of time its end */
    until?: string;
  })[];
  subject: string;
  category: {
    /** UUIDv7 */
    id: string;
    path: (string)[];
    confidence: number;
    words: (string)[];
  } | null;
  asset: {
    /** UUIDv7 */
    id: string;
    code: string;
    name: string;
  } | null;
  address: {
    value: string;
    words: string;
    confidence: number;
  } | null;
  /** As it would be reckoned where nobody sets one */
  priority: {
    priority: "urgent" | "high" | "normal" | "low";
    /** What speaks for it */
    words: (string)[];
  };
  /** Answers to the own fields of the type */
  fields: Record<string, unknown>;
};

export type ExtractText = {
  text: string;
  /** UUIDv7 */
  type?: string;
};

export type FieldAsset = {
  /** UUIDv7 */
  id: string;
  code: string;
  name: string;
  model: string | null;
  serialNumber: string | null;
  address: string | null;
  criticality: string;
  warrantyUntil: string | null;
  installedOn: string | null;
  attributes: Record<string, unknown>;
  /** The latest first; without anything of the customers */
  history: ({
    /** UUIDv7 */
    ticketId: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    /** RFC 3339, UTC */
    createdAt: string;
    resolution: string | null;
    visits: ({
      technician: string;
      at: string | null;
      workSummary: string | null;
      obstacle: "no_access" | "part_needed" | "return_visit" | null;
      note: string | null;
    })[];
  })[];
};

export type FieldAssets = {
  /** One, or none where the code opens nothing */
  items: (FieldAsset)[];
};

export type FieldDefinition = {
  /** Stable: a field is never given another kind under the same key */
  key: string;
  kind: "text" | "long_text" | "number" | "money" | "date" | "time" | "date_time" | "boolean" | "choice" | "choices" | "tree" | "person" | "customer" | "asset" | "place" | "file" | "signature" | "formula" | "table";
  label: {
    zh: string;
    en?: string;
  };
};

export type FieldMapping = {
  target: string;
  /** A path into what came: names and numbers of list items between dots */
  from?: string;
  /** A text with {{paths}} */
  text?: string;
  value?: string | number | boolean;
  cleanse?: ("trim" | "one_line" | "plain_text" | "lower" | "upper" | "digits" | "narrow")[];
  table?: Record<string, string>;
  otherwise?: string;
};

export type FieldUse = {
  field: string;
  /** What uses it */
  kind: "view" | "template" | "macro" | "automation_rule" | "flow";
  /** UUIDv7 */
  id: string;
  /** Empty when it belongs to somebody else alone */
  name: string;
};

export type File = {
  /** UUIDv7 */
  id: string;
  name: string;
  mediaType: string;
  /** Bytes */
  size: number;
  /** attachment, photo or signature */
  purpose: string;
  /** public: the customer sees it; internal: colleagues only */
  visibility: string;
  /** Where the caller may download it */
  url: string;
  thumbnailUrl: string | null;
  width: number | null;
  height: number | null;
  visitId: string | null;
  messageId: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  recorded: {
    /** RFC 3339, UTC */
    at: string;
    lat: number | null;
    lng: number | null;
    accuracy: number | null;
  } | null;
};

/** On which tickets it is offered; on all when null */
export type Filter = Record<string, unknown>;

export type FilterProblem = {
  /** JSON pointer into the filter */
  path: string;
  property: string | null;
  code: string;
  /** In the language of Accept-Language */
  message: string;
};

export type Flow = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  description: string | null;
  active: boolean;
  published: number | null;
  /** Whether changes wait to be published */
  hasDraft: boolean;
  /** Ticket types that go through it */
  types: ({
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
    nameEn: string | null;
  })[];
  /** Instances under way, counted up to 1,000 */
  running: number;
  /** Of those, how many are held by a problem */
  parked: number;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
  definition: FlowDefinition | null;
  /** Whether paths, queries, headers and bodies of HTTP calls are left out, as only those who manage flows see them */
  withheld: boolean;
};

export type FlowBpmn = {
  name: string;
  xml: string;
};

export type FlowCheck = {
  findings: (FlowFinding)[];
};

export type FlowDefinition = {
  nodes: (FlowNode)[];
  edges: (FlowEdge)[];
  variables?: (FlowVariable)[];
};

export type FlowDraft = {
  /** UUIDv7 */
  flowId: string;
  definition: FlowDefinition;
  basedOn: number | null;
  published: number | null;
  changed: boolean;
  changedAt: string | null;
  changedBy: Reference | null;
  findings: (FlowFinding)[];
  version: number;
};

export type FlowEdge = {
  id: string;
  from: string;
  to: string;
};

export type FlowFinding = {
  /** An error keeps it from being published */
  level: "error" | "warning";
  node: string | null;
  edge: string | null;
  at: string | null;
  code: string;
  /** In the language of Accept-Language */
  message: string;
};

export type FlowHold = {
  code: string;
  message: string;
  /** RFC 3339, UTC */
  since: string;
  edge: string | null;
};

export type FlowImport = {
  flow: Flow;
  notices: ({
    id: string | null;
    /** In the language of Accept-Language */
    message: string;
  })[];
};

export type FlowInstance = {
  /** UUIDv7 */
  id: string;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
  };
  flow: Reference;
  /** Version of the flow it runs on */
  number: number;
  status: "running" | "completed" | "terminated" | "cancelled";
  held: ({
    activation: string;
    node: string;
    name: string;
    hold: FlowHold;
  })[];
  /** The steps where it is now; none when it is over */
  stands: ({
    node: string;
    kind: "start" | "task" | "onsite_task" | "approval" | "exclusive" | "inclusive" | "parallel" | "wait" | "action" | "subflow" | "end" | "terminate";
    name: string;
    held: boolean;
    /** RFC 3339, UTC */
    since: string;
  })[];
  /** RFC 3339, UTC */
  startedAt: string;
  endedAt: string | null;
  version: number;
};

export type FlowLanding = {
  /** UUIDv7 */
  instance: string;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
  };
  from: number;
  to: number;
  moves: boolean;
  stands: ({
    activation: string;
    node: string;
    name: string;
    lands: string | null;
    landsName: string | null;
  })[];
  problems: ({
    code: string;
    message: string;
  })[];
};

export type FlowLineStep = {
  node: string;
  flow: string | null;
  kind: "start" | "task" | "onsite_task" | "approval" | "exclusive" | "inclusive" | "parallel" | "wait" | "action" | "subflow" | "end" | "terminate";
  name: string;
  state: "done" | "current" | "held" | "next" | "cancelled";
  at: string | null;
  by: string | null;
  outcome: string | null;
  outcomeName: string | null;
  waitsFor: (string)[];
  dueAt: string | null;
  hold: FlowHold | null;
  activation: string | null;
};

export type FlowMigration = {
  items: (FlowLanding)[];
  moved: number;
  refused: number;
};

export type FlowNode = {
  id: string;
  kind: "start" | "task" | "onsite_task" | "approval" | "exclusive" | "inclusive" | "parallel" | "wait" | "action" | "subflow" | "end" | "terminate";
  name: {
    zh: string;
    en?: string;
  };
};

export type FlowSummary = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  description: string | null;
  active: boolean;
  published: number | null;
  /** Whether changes wait to be published */
  hasDraft: boolean;
  /** Ticket types that go through it */
  types: ({
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
    nameEn: string | null;
  })[];
  /** Instances under way, counted up to 1,000 */
  running: number;
  /** Of those, how many are held by a problem */
  parked: number;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type FlowTestEvent = {
  /** complete: a task is done, or a vote given (outcome approved or rejected); advance: the clock goes on, timers fire in their order; answer: what a call outside answers, nothing is really called */
  do: "complete" | "return" | "advance" | "next_timer" | "fact" | "answer" | "set" | "retry";
  activation?: string;
  outcome?: string;
  fields?: Record<string, unknown>;
  /** UUIDv7 */
  by?: string;
  to?: string;
  minutes?: number;
  fact?: string;
  data?: Record<string, unknown>;
  ok?: boolean;
  result?: unknown;
};

export type FlowTestResult = {
  /** RFC 3339, UTC */
  now: string;
  status: "running" | "completed" | "terminated" | "cancelled";
  stands: ({
    activation: string;
    node: string;
    flow: string | null;
    kind: "start" | "task" | "onsite_task" | "approval" | "exclusive" | "inclusive" | "parallel" | "wait" | "action" | "subflow" | "end" | "terminate";
    /** open: somebody has to act; waiting: for a moment, a fact or an answer; joining: for other ways; held: by a problem */
    phase: "open" | "waiting" | "joining" | "held";
    hold: FlowHold | null;
    outcomes: ({
      key: string;
      name: {
        zh: string;
        en?: string;
      };
    })[];
    fields: (string)[];
    performers: (string)[];
    mayReturnTo: (string)[];
    due: ({
      id: string;
      /** RFC 3339, UTC */
      at: string;
    })[];
  })[];
  /** Nodes that were entered, each once */
  visited: (string)[];
  /** Edges that were taken, each once */
  taken: (string)[];
  log: ({
    /** RFC 3339, UTC */
    at: string;
    /** Index of the event; −1 for the start */
    event: number;
    node: string | null;
    code: string;
    text: string;
  })[];
  fields: Record<string, unknown>;
  ticket: Record<string, unknown>;
  vars: Record<string, unknown>;
  refused: {
    event: number;
    code: string;
    message: string;
  } | null;
};

export type FlowVariable = {
  key: string;
  name: {
    zh: string;
    en?: string;
  };
  kind: "text" | "number" | "boolean" | "any";
};

export type FlowVersion = {
  number: number;
  /** RFC 3339, UTC */
  publishedAt: string;
  publishedBy: {
    id: string | null;
    name: string | null;
  } | null;
  note: string | null;
  restored: number | null;
  current: boolean;
  nodeCount: number;
  /** Instances under way on it, counted up to 1,000 */
  running: number;
  /** UUIDv7 */
  flowId: string;
  definition: FlowDefinition;
  /** Whether paths, queries, headers and bodies of HTTP calls are left out, as only those who manage flows see them */
  withheld: boolean;
};

export type FlowVersionSummary = {
  number: number;
  /** RFC 3339, UTC */
  publishedAt: string;
  publishedBy: {
    id: string | null;
    name: string | null;
  } | null;
  note: string | null;
  restored: number | null;
  current: boolean;
  nodeCount: number;
  /** Instances under way on it, counted up to 1,000 */
  running: number;
};

export type Form = {
  /** In the order they are shown */
  fields: (FieldDefinition)[];
  sections?: (FormSection)[];
};

export type FormCheck = {
  problems: (FormProblem)[];
  uses: (FieldUse)[];
};

export type FormDifference = {
  from: string;
  to: string;
  fields: ({
    key: string;
    change: "added" | "removed" | "changed" | "moved";
    label: {
      zh: string;
      en?: string;
    };
    /** null where it was not there */
    properties: ({
      property: string;
      before: unknown;
      after: unknown;
    })[];
  })[];
  sections: ({
    key: string;
    change: "added" | "removed" | "changed" | "moved";
    label: {
      zh: string;
      en?: string;
    };
    properties: ({
      property: string;
      before: unknown;
      after: unknown;
    })[];
  })[];
};

export type FormDraft = {
  /** UUIDv7 */
  typeId: string;
  form: Form;
  /** The published version when the draft was begun */
  basedOn: number;
  /** The published version now */
  published: number;
  /** Whether there is anything to publish */
  changed: boolean;
  changedAt: string | null;
  changedBy: Reference | null;
  /** What keeps it from being published */
  problems: (FormProblem)[];
  /** What looks at fields that are about to go */
  uses: (FieldUse)[];
  version: number;
};

export type FormProblem = {
  /** JSON pointer into the form, such as /fields/3/formula */
  path: string;
  field: string | null;
  code: string;
  /** In the language of Accept-Language */
  message: string;
};

export type FormSection = {
  key: string;
  label: {
    zh: string;
    en?: string;
  };
};

export type FormVersion = {
  number: number;
  /** RFC 3339, UTC */
  publishedAt: string;
  publishedBy: {
    id: string | null;
    name: string | null;
  } | null;
  note: string | null;
  restored: number | null;
  current: boolean;
  fieldCount: number;
  /** UUIDv7 */
  typeId: string;
  form: Form;
  schema: Record<string, unknown>;
};

export type FormVersionSummary = {
  number: number;
  /** RFC 3339, UTC */
  publishedAt: string;
  publishedBy: {
    id: string | null;
    name: string | null;
  } | null;
  note: string | null;
  restored: number | null;
  current: boolean;
  fieldCount: number;
};

export type GatheredTickets = {
  parent: LinkedTicket;
  gathered: number;
  /** Those that could not be put below it: done, below another, or not the caller’s to change */
  left: number;
};

export type GatherTickets = {
  /** Those that come of the same cause */
  tickets: (string)[];
  /** Id or number of a ticket */
  parent?: string;
  subject?: string;
};

export type Grants = {
  items: ({
    templateId: string;
    remaining: number;
  })[];
};

export type GroupCount = {
  /** As in `groups` */
  group: string;
  count: number | null;
  /** There are at least so many: shown as “1,000+” */
  capped: boolean;
  at: string | null;
};

export type GroupCounts = {
  items: (GroupCount)[];
};

export type Guess = {
  /** category, asset, address, name, phone, email, subject, priority or fields.<key> */
  field: string;
  /** The words it was read from; masked where the field is */
  words: string;
  confidence: number;
  by: "rule" | "model" | "llm";
  /** RFC 3339, UTC */
  at: string;
};

export type HeldReply = {
  /** UUIDv7 */
  id: string;
  /** UUIDv7 */
  ticketId: string;
  comment: AddComment;
  state: "held" | "failed";
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  releaseAt: string;
  problem: {
    code: string;
    title: string;
  } | null;
};

export type Helpers = {
  items: (Reference)[];
  /** Whether the caller may ask a colleague to help now */
  mayDelegate: boolean;
};

export type Highlight = {
  property: "number" | "formerNumber" | "subject" | "requester" | "phone" | "customer" | "location" | "resolution" | "description" | "comment" | "sideConversation";
  text: string;
  ranges: ((number)[])[];
  /** UUIDv7 */
  commentId?: string;
};

export type HistoryEntry = {
  id: string;
  kind: "ticket" | "message" | "call" | "visit" | "note" | "change";
  /** RFC 3339, UTC */
  at: string;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    priority: "urgent" | "high" | "normal" | "low";
    channel: string;
    assignee: Reference | null;
  } | null;
  visit: {
    /** UUIDv7 */
    id: string;
    status: "scheduled" | "accepted" | "travelling" | "on_site" | "completed" | "incomplete" | "declined" | "cancelled";
    technician: Reference;
    windowStart: string | null;
    completedAt: string | null;
    workSummary: string | null;
  } | null;
  message: Comment | null;
  note: CustomerNote | null;
  call: Call | null;
  change: {
    kind: string;
    title: string;
    actor: {
      kind: string;
      id: string | null;
      name: string | null;
    };
    data: Record<string, unknown>;
  } | null;
};

export type HistoryVerification = {
  number: string;
  intact: boolean;
  /** How many facts hold */
  length: number;
  /** Of them, those of before facts were sealed with a key: they hold together, but whoever has the database could have written them anew, up to the moment they came under a seal of the whole log */
  unkeyed: number;
  broken: {
    /** The first place in the ticket’s history that does not hold, from 1 */
    position: number;
    kind: string | null;
    /** altered: the fact is not what was written; missing: none is there; not_linked: it does not follow the one before; cut_off: the last ones are gone; added: more than were written; orphan: of no ticket; unsealed: it does not bear the program’s seal; other_key: it was sealed with another SECRET_KEY */
    fault: "altered" | "missing" | "not_linked" | "cut_off" | "added" | "orphan" | "unsealed" | "other_key";
    /** In the language of Accept-Language */
    title: string;
  } | null;
  /** RFC 3339, UTC */
  checkedAt: string;
};

export type HoldReply = {
  body: string;
  /** public: the customer sees it; internal: a note for colleagues */
  visibility: "public" | "internal";
  /** Staff ids */
  mentions?: (string)[];
  /** Team ids: all their members are told */
  mentionTeams?: (string)[];
  attachments?: (string)[];
  /** A public reply goes to the customers of all children as well */
  toChildren?: boolean;
  /** How long it can be taken back; as the author’s preferences say when absent (15) */
  seconds?: number;
};

export type HolidaySource = {
  key: string;
  name: string;
  knownFrom: number | null;
  knownUntil: number | null;
  days: Record<string, {
    kind: "holiday" | "workday" | "closed" | "open";
    name?: string;
    windows?: ({
      /** Minutes from midnight; 1440 is 24:00 */
      startsMinute: number;
      /** Minutes from midnight; 1440 is 24:00 */
      endsMinute: number;
    })[];
    /** Monday is 1 */
    weekday?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  }>;
};

export type HotlineCase = {
  /** UUIDv7 */
  id: string;
  channel: Reference;
  caseNumber: string;
  /** UUIDv7 */
  ticketId: string;
  state: "dispatched" | "accepted" | "returned" | "finished";
  extension: "asked" | "granted" | "refused" | null;
  code: string | null;
  codeName: string | null;
  codesVersion: number | null;
  /** RFC 3339, UTC */
  dispatchedAt: string;
  deadlineAt: string | null;
  /** How often the hotline asked to hurry */
  urged: number;
  satisfaction: number | null;
  satisfactionWords: string | null;
  satisfiedAt: string | null;
  actions: ("accept" | "return" | "ask_extension" | "finish" | "revisit")[];
  /** Newest first */
  reports: (HotlineReport)[];
  version: number;
};

export type HotlineCases = {
  items: (HotlineCase)[];
};

export type HotlineCode = {
  code: string;
  name: string;
  category: string | null;
};

export type HotlineCodes = {
  /** 0 where there is none yet */
  version: number;
  codes: (HotlineCode)[];
  note: string | null;
  versions: ({
    number: number;
    count: number;
    note: string | null;
    by: string | null;
    /** RFC 3339, UTC */
    createdAt: string;
  })[];
};

export type HotlineReport = {
  /** UUIDv7 */
  id: string;
  kind: "accepted" | "returned" | "extension_asked" | "finished" | "revisited";
  /** by_hand: the account has no address to report to */
  state: "waiting" | "sent" | "failed" | "by_hand";
  words: string | null;
  until: string | null;
  attempts: number;
  failure: string | null;
  by: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  settledAt: string | null;
};

export type Import = {
  /** UUIDv7 */
  id: string;
  kind: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
  status: "queued" | "reading" | "running" | "completed" | "cancelled" | "failed";
  dryRun: boolean;
  file: {
    name: string;
    size: number;
    format: "csv" | "xlsx" | "jsonl";
  };
  columns: (string)[];
  mapping: ColumnMapping;
  counts: {
    rows: number | null;
    processed: number;
    created: number;
    updated: number;
    /** There already, and the same */
    present: number;
    /** Rows with a fault: they stand in the result file */
    failed: number;
  };
  error: {
    code: string;
    message: string;
  } | null;
  resultUrl: string | null;
  createdBy: {
    /** UUIDv7 */
    id: string;
    name: string;
  };
  /** RFC 3339, UTC */
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  version: number;
};

export type ImportBpmn = {
  /** BPMN 2.0 XML in UTF-8, with one process */
  xml: string;
  /** What the flow is called; what its process is called when absent */
  name?: string;
};

export type ImportIssue = {
  /** Line of the file, from 1, the heading included */
  row: number;
  column: string | null;
  code: string;
  /** In the language of whoever imported */
  message: string;
};

export type ImportKind = {
  kind: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
  title: string;
  targets: (ImportTarget)[];
  /** What one needs beside import.run */
  permission: string;
  allowed: boolean;
};

export type ImportPreview = {
  kind: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
  name: string;
  format: "csv" | "xlsx" | "jsonl";
  encoding: string | null;
  separator: string | null;
  sheets: (string)[];
  columns: ({
    /** Place of the column, from 0 */
    column: number;
    header: string;
    /** Up to three values */
    samples: (string)[];
  })[];
  mapping: ColumnMapping;
  proposedBy: ({
    /** Place of the column, from 0 */
    column: number;
    /** remembered: so it was mapped last time */
    by: "remembered" | "name";
  })[];
  /** Required targets that no column says */
  missing: (string)[];
};

export type ImportTarget = {
  key: string;
  /** In the language of Accept-Language */
  label: string;
  required: boolean;
  help: string | null;
  example: string | null;
  /** Lists of objects, which only JSON Lines can say */
  jsonOnly: boolean;
};

export type InboundChannel = {
  /** UUIDv7 */
  id: string;
  kind: "webhook" | "alertmanager" | "zabbix" | "wechat_official_account" | "wechat_mini_program" | "wechat_kf" | "wecom" | "dingtalk" | "feishu" | "email" | "web_chat" | "phone" | "hotline" | "sms" | "telegram" | "whatsapp" | "messenger" | "line" | "douyin" | "weibo" | "mqtt";
  name: string;
  active: boolean;
  mode: string;
  /** What is no secret */
  settings: Record<string, string>;
  /** Which secrets are kept; none is ever shown again */
  secrets: (string)[];
  mapping: (FieldMapping)[];
  /** Where the other program calls */
  url: string;
  mailPort: number | null;
  health: ChannelHealth;
  version: number;
  /** RFC 3339, UTC */
  createdAt: string;
};

export type InboxMessage = {
  /** UUIDv7 */
  id: string;
  externalId: string;
  thread: string;
  /** RFC 3339, UTC */
  occurredAt: string;
  /** RFC 3339, UTC */
  receivedAt: string;
  state: "waiting" | "done" | "passed_over" | "quarantined";
  outcome: string | null;
  attempts: number;
  failure: string | null;
  failureDetail: string | null;
  failureWords: string | null;
  note: string | null;
  /** What it says or tells of, in a line */
  preview: string;
  who: string | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
  } | null;
};

export type InboxMessageDetail = {
  /** UUIDv7 */
  id: string;
  externalId: string;
  thread: string;
  /** RFC 3339, UTC */
  occurredAt: string;
  /** RFC 3339, UTC */
  receivedAt: string;
  state: "waiting" | "done" | "passed_over" | "quarantined";
  outcome: string | null;
  attempts: number;
  failure: string | null;
  failureDetail: string | null;
  failureWords: string | null;
  note: string | null;
  /** What it says or tells of, in a line */
  preview: string;
  who: string | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
  } | null;
  channel: {
    /** UUIDv7 */
    id: string;
    kind: string;
    name: string;
  };
  /** What was read of it, by target */
  values: Record<string, unknown>;
  parts: (Record<string, unknown>)[];
  alarm: Record<string, unknown> | null;
  /** Size of the call as it came; 0 when it is not kept */
  bytes: number;
  excerpt: string | null;
};

export type Insight = {
  measure: string;
  /** tickets, stars or seconds */
  unit: string;
  from: string;
  to: string;
  total: number | null;
  previousTotal: number | null;
  rows: ({
    key: string;
    id: string | null;
    name: string;
    value: number;
  })[];
};

export type IntakeSetting = {
  /** Whether what customers write and say is read, to fill in what is empty */
  understand: boolean;
  /** Whether the language model, where one is set up, sharpens that */
  askLlm: boolean;
  /** How the organization’s own order numbers look: 9 a digit, A a capital letter, * either */
  orderMasks: (string)[];
  /** How long the bytes of what came in by channels are kept */
  rawDays: number;
  /** How long is kept that it came */
  messageDays: number;
  /** How long calls are kept, with their recordings and words */
  callDays: number;
  /** How long visitors of websites see what passed with them */
  chatDays: number;
  classifier: {
    /** RFC 3339, UTC */
    learnedAt: string;
    tickets: number;
    heldOut: number;
    right: number;
  } | null;
  /** Whether a language model is set up */
  llm: boolean;
  version: number;
};

export type LinkedTicket = {
  id: string | null;
  number: string;
  subject: string | null;
  status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled" | null;
};

export type LlmSetting = {
  enabled: boolean;
  baseUrl: string | null;
  model: string | null;
  hasKey: boolean;
  timeoutSeconds: number;
  /** Whether it is switched on and has all it needs */
  ready: boolean;
  updatedAt: string | null;
  version: number;
};

export type Location = {
  lat?: number | null;
  lng?: number | null;
  address?: string | null;
  /** Coordinate system of lat/lng on input; WGS-84 when absent */
  crs?: "WGS84" | "GCJ02" | "BD09";
};

export type Macro = {
  /** UUIDv7 */
  id: string;
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind: "personal" | "team" | "shared";
  owner: Reference | null;
  team: Reference | null;
  name: string;
  description: string | null;
  steps: (MacroStep)[];
  condition: Filter | null;
  useCount: number;
  active: boolean;
  editable: boolean;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type MacroApplied = {
  dryRun: boolean;
  changes: ({
    /** As the ticket names it; fields.<key> for a field */
    property: string;
    before: unknown;
    after: unknown;
  })[];
  /** Comments with their variables filled in */
  messages: ({
    visibility: "public" | "internal";
    body: string;
  })[];
  /** How many items it adds to the checklist */
  checklistItems: number;
  ticket: Ticket | null;
};

export type MacroStep = {
  kind: "reply" | "note" | "set" | "tag" | "untag" | "act" | "checklist";
  /** reply, note: with variables */
  body?: string;
  priority?: "urgent" | "high" | "normal" | "low";
  category?: string | (string)[] | null;
  /** Those named are changed; null empties one */
  fields?: Record<string, unknown>;
  subject?: string;
  /** set, act: id of an own status, or a class */
  status?: string;
  tags?: (string)[];
  /** act: which */
  action?: "accept" | "decline" | "assign" | "transfer" | "wait" | "resume" | "resolve" | "confirm" | "reopen" | "close" | "cancel" | "set_status";
  assignee?: string | null;
  /** UUIDv7 */
  team?: string;
  /** With variables */
  reason?: string;
  /** With variables */
  note?: string;
  for?: "customer" | "supplier" | "part" | "other";
  /** With variables */
  resolution?: string;
  /** checklist */
  items?: (string)[];
  /** UUIDv7 */
  template?: string;
};

export type MacroVersion = {
  version: number;
  name: string;
  description: string | null;
  steps: (MacroStep)[];
  condition: Filter | null;
  changedBy: Reference | null;
  /** RFC 3339, UTC */
  changedAt: string;
};

export type MapSettings = {
  tiles: {
    /** Addresses with {z}, {x} and {y}; one layer upon the other */
    urls: (string)[];
    /** Places are kept as WGS-84: on GCJ-02 tiles they are drawn shifted */
    system: "WGS84" | "GCJ02";
    attribution: string;
    maxZoom: number;
  } | null;
};

export type MarkFavourite = {
  favourite: boolean;
  position?: number;
};

/** All up to this one, itself included */
export type MarkNotificationsRead = {
  /** UUIDv7 */
  upTo: string;
};

export type Masks = {
  /** What the caller sees */
  mine: {
    phone: "hidden" | "masked" | "raw";
    email: "hidden" | "masked" | "raw";
    id_number: "hidden" | "masked" | "raw";
    identifier: "hidden" | "masked" | "raw";
    sensitive: "hidden" | "masked" | "raw";
  };
  revealsPerHour: number;
  /** How many the caller may still have within this hour */
  revealsLeft: number;
  policy: {
    phone: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    email: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    id_number: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    identifier: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    sensitive: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
  };
  version: number;
};

export type MatchingSettings = {
  /** Within which the same person means the same matter */
  hours: number;
  /** How many people within how long are proposed as one cause */
  crowd: {
    people: number;
    hours: number;
  };
  storm: {
    alarms: number;
    minutes: number;
  } | null;
  version: number;
};

export type Me = {
  /** UUIDv7 */
  id: string;
  name: string;
  email: string | null;
  /** Keys of their roles (ids of those that have none), as the rules of forms see them */
  roles: (string)[];
  /** agent, technician, dispatcher, manager or administrator */
  job: string;
  organization: {
    /** UUIDv7 */
    id: string;
    name: string;
    slug: string;
    timeZone: string;
    /** Time, place and number are written into photos taken on visits */
    photoWatermark: boolean;
  };
  teams: ({
    /** UUIDv7 */
    id: string;
    name: string;
  })[];
  department: {
    /** UUIDv7 */
    id: string;
    name: string;
  } | null;
  permissions: ({
    permission: "ticket.read" | "ticket.create" | "ticket.update" | "ticket.assign" | "ticket.resolve" | "ticket.close" | "ticket.cancel" | "ticket.reply" | "ticket.note" | "visit.work" | "customer.read" | "customer.write" | "personal_data.reveal" | "asset.read" | "asset.write" | "organization.read" | "organization.write" | "settings.write" | "import.run" | "insight.read" | "view.share" | "macro.share" | "automation.manage" | "audit.read" | "api_key.manage";
    scope: "own" | "team" | "department" | "organization";
  })[];
  secondFactor: boolean;
  /** The password was set by a colleague: until it is changed, everything but that, showing the session and signing out is refused with password_change_required */
  passwordChangeDue: boolean;
};

export type MergeCandidates = {
  items: ({
    ticket: LinkedTicket;
    /** RFC 3339, UTC */
    createdAt: string;
    /** Points; only their order means something */
    score: number;
    /** The weightiest first */
    reasons: ({
      code: "linked_duplicate" | "same_customer" | "same_phone" | "same_asset" | "same_address" | "near_place" | "similar_words" | "same_category";
      title: string;
    })[];
    /** The same person on the same matter within the window: most likely one ticket */
    offered: boolean;
  })[];
  crowd: {
    /** How many people reported it, this one and those below the parent included */
    people: number;
    reason: "same_asset" | "same_place" | "same_words";
    /** The others, without those that are below the parent already */
    tickets: ({
      id: string | null;
      number: string;
      subject: string | null;
      status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled" | null;
      address: string | null;
      /** RFC 3339, UTC */
      createdAt: string;
      /** False where its place fits elsewhere as well: somebody has to say whether it belongs here */
      sure: boolean;
    })[];
    parent: LinkedTicket | null;
  } | null;
};

export type MergeCustomer = {
  /** The customer that stays */
  into: string;
  reason?: string;
  /** What the customer that stays takes over; undoing the merge puts back what nobody has changed since */
  take?: ("name" | "tier" | "address" | "account" | "language" | "tags" | "idNumber")[];
};

export type MergeResult = {
  target: LinkedTicket;
  results: ({
    /** As it was named in the request */
    ticket: string;
    id: string | null;
    number: string | null;
    merged: boolean;
    problem: {
      code: string;
      title: string;
    } | null;
  })[];
};

export type MergeTickets = {
  /** Id or number of a ticket */
  into?: string;
  sources?: (string)[];
  note?: string;
};

export type MigrateFlow = {
  /** All that run on another version when absent */
  instances?: (string)[];
  map?: Record<string, string>;
};

export type NewsSettings = {
  events: {
    received: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    accepted: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    scheduled: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    travelling: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    near: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    resolved: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    closed: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    cancelled: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    survey: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
  };
  quietHours: {
    /** HH:MM by the organization’s clock */
    from: string;
    /** HH:MM by the organization’s clock */
    to: string;
  } | null;
  /** After which step customers are asked how it was; whether at all says events.survey */
  surveyAt: "resolved" | "closed";
  /** For how long a number or a word in the conversation is taken as the rating */
  surveyHours: number;
  /** How many text messages go out within 24 hours, answers included */
  textsADay: {
    customer: number;
    organization: number;
  };
  /** Channels on which nothing is told by itself */
  offAccounts: (string)[];
  version: number;
};

export type NoticeAccount = {
  channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
  configured: boolean;
  active: boolean;
  mode: string | null;
  /** What is no secret */
  settings: Record<string, string>;
  /** Which secrets are kept; none is ever shown */
  secrets: (string)[];
  health: {
    state: "unused" | "well" | "failing" | "resting";
    lastSuccessAt: string | null;
    lastFailureAt: string | null;
    lastFailureCode: "recipient" | "credentials" | "content" | "service" | "busy" | "unreachable" | "timeout" | "private_address" | "bad_address" | "insecure" | "platform" | "sealed" | "resting" | "expired" | "carrier" | null;
    lastFailure: string | null;
    /** In a row */
    failures: number;
    restsUntil: string | null;
    /** Deliveries that wait; counted up to 1,000 */
    waiting: number;
  };
  receiptUrl: string | null;
  version: number;
};

export type NoticeAccountList = {
  items: (NoticeAccount)[];
};

export type NoticeAddress = {
  channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
  address: string | null;
  source: "record" | "own" | "none";
  confirmed: boolean;
  pending: {
    address: string;
    /** RFC 3339, UTC */
    expiresAt: string;
  } | null;
};

export type NoticeDelivery = {
  /** UUIDv7 */
  id: string;
  staff: Reference;
  purpose: "notice" | "test" | "code";
  channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
  state: "waiting" | "sending" | "sent" | "delivered" | "failed" | "suppressed";
  urgency: "urgent" | "normal" | "low";
  reason: "no_account" | "no_address" | "not_confirmed" | "no_device" | "address" | "account" | "content" | "temporary" | "rate_limited" | "resting" | "already_read" | "inactive" | "switched_off" | "expired" | null;
  problemCode: "recipient" | "credentials" | "content" | "service" | "busy" | "unreachable" | "timeout" | "private_address" | "bad_address" | "insecure" | "platform" | "sealed" | "resting" | "expired" | "carrier" | null;
  problem: string | null;
  address: string | null;
  /** How many notifications it tells of */
  count: number;
  attempts: number;
  /** Of the ladder: 0 at first, then each time nobody answered */
  step: number;
  insteadOf: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms" | null;
  escalatedFrom: Reference | null;
  acknowledgedAt: string | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
  } | null;
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  dueAt: string;
  sentAt: string | null;
  settledAt: string | null;
};

export type NoticeDeliveryList = {
  items: (NoticeDelivery)[];
};

export type NoticeDevice = {
  /** UUIDv7 */
  id: string;
  name: string;
  face: "console" | "field";
  /** SHA-256 of its endpoint, base64url: by it a browser knows itself */
  endpointDigest: string;
  /** RFC 3339, UTC */
  createdAt: string;
  lastSentAt: string | null;
};

export type NoticePolicy = {
  escalateAfterMinutes: number | null;
  /** Once the person’s own channels are used up: lead, the lead of the ticket’s team; manager, a manager of its department */
  ladder: ("lead" | "manager")[];
  version: number;
};

export type NoticePreview = {
  title: string;
  body: string;
  /** What goes to the channel, in its own form */
  payload: string;
  /** Variables that stand for nothing */
  unknown: (string)[];
};

export type NoticeSettings = {
  /** By reason: where a notice goes beside the inbox */
  channels: {
    mentioned: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    team_mentioned: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    assigned: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    delegated: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    replied: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    watching: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    returned: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    held_failed: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rule: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rule_suspended: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    side_conversation: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    checklist: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    urgent: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_warned: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_breached: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_escalated: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    unanswered: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    offered: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    unclaimed: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    hurried: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rescheduled: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
  };
  /** In what order channels are taken for what is urgent: the first two at once, the others when nobody answers */
  urgent: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
  digest: {
    every: "off" | "hour" | "day";
    /** day: when; HH:MM by the person’s clock */
    at: string;
  };
  timeZone: string | null;
  organizationTimeZone: string;
  /** What the organization has set up */
  available: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
  addresses: (NoticeAddress)[];
  devices: (NoticeDevice)[];
  pushKey: string | null;
  version: number;
};

export type NoticeTemplate = {
  kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
  channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
  language: "zh-CN" | "en";
  standard: {
    title: string;
    body: string;
  };
  published: {
    title: string;
    body: string;
  } | null;
  draft: {
    title: string;
    body: string;
  } | null;
  publishedAt: string | null;
  version: number;
};

export type NoticeTemplateSummaries = {
  items: ({
    kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
    channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
    language: "zh-CN" | "en";
    published: boolean;
    draft: boolean;
  })[];
};

export type Notification = {
  /** UUIDv7 */
  id: string;
  reason: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled";
  /** What happened, for instance ticket.resolved */
  factKind: string;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
  } | null;
  sideConversation: {
    /** UUIDv7 */
    id: string;
    subject: string;
  } | null;
  actor: string | null;
  preview: string | null;
  for: {
    /** UUIDv7 */
    id: string;
    name: string;
  } | null;
  urgency: "urgent" | "normal" | "low";
  /** It went out on other channels, too, or will: GET …/deliveries tells how */
  carried: boolean;
  /** RFC 3339, UTC */
  createdAt: string;
  readAt: string | null;
};

export type NotificationCount = {
  unread: number;
  /** There are at least so many: shown as “99+” */
  capped: boolean;
};

export type Offer = {
  /** UUIDv7 */
  id: string;
  /** UUIDv7 */
  ticketId: string;
  mode: "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
  /** The mode in words */
  title: string;
  state: "open" | "taken" | "withdrawn" | "lapsed";
  automatic: boolean;
  /** grab: how far it is open, from 0; as many as there are rings: to the whole team */
  ring: number;
  rings: number;
  windowStart: string | null;
  windowEnd: string | null;
  note: string | null;
  /** RFC 3339, UTC */
  openedAt: string;
  openedBy: string | null;
  takenBy: Reference | null;
  endedAt: string | null;
  endedBy: string | null;
  reason: string | null;
  nextAt: string | null;
  next: "widen" | "next" | "lapse" | null;
  /** How many were asked so far */
  candidateCount: number;
  /** The first 50 of them, in the order they were asked */
  candidates: ({
    staff: Reference;
    state: "offered" | "declined" | "passed" | "missed" | "taken";
    ring: number;
    score: number;
    metres: number | null;
    travelMinutes: number | null;
    startsFrom: "check_in" | "home" | "recent_work" | "unknown";
    /** RFC 3339, UTC */
    offeredAt: string;
    answeredAt: string | null;
    reason: string | null;
  })[];
  version: number;
};

export type OpenCallTicket = {
  subject?: string;
  description?: string;
  type?: string;
  category?: string;
  customerId?: string | null;
  /** Of somebody who is not known yet */
  name?: string;
};

export type OpenOffer = {
  /** The team’s own when absent; a grab where that is none */
  mode?: "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
  /** The window of the visit; without one: as soon as possible */
  windowStart?: string;
  windowEnd?: string;
  /** What whoever takes it should know */
  note?: string;
  /** Why it is another window than the one the customer was promised, which it then takes the place of; refused with `override_needed` without it */
  override?: string;
};

export type OpenSideConversation = {
  subject: string;
  /** UUIDv7 */
  team?: string;
  /** UUIDv7 */
  department?: string;
  email?: {
    address: string;
    name?: string;
  };
  body: string;
  /** Messages of the ticket to be quoted */
  quoteIds?: (string)[];
  /** Files uploaded before */
  attachments?: (string)[];
  /** Files of the ticket to be shown here */
  shareFileIds?: (string)[];
};

export type OpenVisit = {
  /** The token of an earlier visit, which goes on */
  token?: string;
  /** The user of the own site; their chat goes on on whatever device */
  user?: {
    id: string;
    /** When the site signed it, in seconds since 1970: it holds for 24 hours */
    at: number;
    /** HMAC-SHA256 of `id.at` under the channel’s secret, in hexadecimal */
    signature: string;
  };
  name?: string;
  email?: string;
  phone?: string;
  language?: "zh-CN" | "en";
  /** The origin of the page that holds the chat, where that is not the one that calls */
  origin?: string;
  page?: ChatPage;
};

export type OrderAutomationRules = {
  /** All rules in use, in their order */
  ids: (string)[];
};

export type OrderChecklist = {
  /** All items, in the new order */
  itemIds: (string)[];
};

export type OrderSlaPolicies = {
  /** All policies in use, in their order */
  ids: (string)[];
};

export type Organization = {
  /** UUIDv7 */
  id: string;
  slug: string;
  name: string;
  /** IANA name */
  timeZone: string;
  language: "zh-CN" | "en";
  settings: {
    supportPhone: string | null;
    /** Days of silence after which a resolved ticket counts as accepted */
    acceptanceDays: number;
    /** Time, place and number of the ticket are written into photos taken on visits */
    photoWatermark: boolean;
    /** Days for which the way to and on a visit is kept */
    trackDays: number;
    brandColour: string | null;
  };
  logo: string | null;
  version: number;
};

export type OwnFigures = {
  today: {
    completed: number;
    /** Of visits with a promised window, those checked in before its end */
    onTime: {
      of: number;
      count: number;
    };
    /** Of tickets with a completed visit, those that took one visit and were not opened again */
    fixedAtOnce: {
      of: number;
      count: number;
    };
    rating: {
      count: number;
      average: number | null;
    };
  };
  week: {
    completed: number;
    /** Of visits with a promised window, those checked in before its end */
    onTime: {
      of: number;
      count: number;
    };
    /** Of tickets with a completed visit, those that took one visit and were not opened again */
    fixedAtOnce: {
      of: number;
      count: number;
    };
    rating: {
      count: number;
      average: number | null;
    };
  };
  /** RFC 3339, UTC */
  at: string;
};

export type PhoneLine = {
  extension: string | null;
  sipUser: string | null;
  hasSipPassword: boolean;
  version: number;
};

/** Without staffId one’s own; somebody else’s takes organization.write */
export type PlanAbsence = {
  /** UUIDv7 */
  staffId?: string;
  /** RFC 3339, UTC */
  from: string;
  /** RFC 3339, UTC */
  to: string;
  coverId?: string | null;
  note?: string | null;
};

export type PlanItem = {
  /** UUIDv7 */
  ticketId: string;
  visitId: string | null;
  number: string;
  subject: string;
  priority: "urgent" | "high" | "normal" | "low";
  place: {
    text: string | null;
    lat: number | null;
    lng: number | null;
  } | null;
  change: "new" | "person" | "time" | "kept" | "removed";
  before: {
    technician: Reference;
    members: (Reference)[];
    /** RFC 3339, UTC */
    startsAt: string;
    /** RFC 3339, UTC */
    endsAt: string;
  } | null;
  after: {
    technician: Reference;
    members: (Reference)[];
    /** RFC 3339, UTC */
    startsAt: string;
    /** RFC 3339, UTC */
    endsAt: string;
  } | null;
  travelSeconds: number;
  travelMetres: number;
  travelFrom: TravelOrigin | null;
  serviceMinutes: number;
  serviceFrom: "on_site" | "person" | "learned" | "category" | "usual";
  late: boolean;
  /** Hard rules that it breaks anew, as nobody can keep them: applying it takes a reason */
  breaks: ({
    code: "promise" | "off_duty" | "overtime" | "break_missed" | "skill" | "not_required" | "banned" | "territory" | "access_hours" | "person_locked" | "time_locked" | "range_locked" | "capacity" | "most_visits" | "released_held" | "released_promised" | "second_missing" | "deadline" | "place_unknown";
    title: string;
  })[];
  outcome: {
    code: "applied" | "given_back" | "unchanged" | "left" | "changed" | "taken" | "ended" | "begun" | "not_permitted" | "person_unavailable" | "no_room" | "time_over";
    title: string;
  } | null;
};

export type PlanLeftOut = {
  /** UUIDv7 */
  ticketId: string;
  visitId: string | null;
  number: string;
  subject: string;
  priority: "urgent" | "high" | "normal" | "low";
  reason: "not_required" | "banned" | "locked" | "skill" | "capacity" | "most_visits" | "out_of_reach" | "no_gap" | "no_second" | "not_worth" | "no_crew";
  /** The rule in words */
  title: string;
  /** What would do, the nearest first */
  relaxations: ({
    kind: "later" | "earlier" | "overtime" | "skill" | "person" | "capacity" | "visits" | "second" | "penalty";
    technician: Reference;
    minutes: number | null;
    /** In words */
    title: string;
  })[];
};

export type PooledOffer = {
  /** UUIDv7 */
  id: string;
  mode: "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
  /** The mode in words */
  title: string;
  /** Without what looks like a telephone number */
  subject: string;
  priority: "urgent" | "high" | "normal" | "low";
  type: string;
  category: (string)[] | null;
  place: {
    text: string | null;
    lat: number | null;
    lng: number | null;
    /** False: about, within a kilometre */
    exact: boolean;
  } | null;
  windowStart: string | null;
  windowEnd: string | null;
  /** How long the work takes */
  minutes: number;
  skills: (string)[];
  metres: number | null;
  travelMinutes: number | null;
  startsFrom: "check_in" | "home" | "recent_work" | "unknown";
  /** RFC 3339, UTC */
  offeredAt: string;
  /** RFC 3339, UTC */
  until: string;
  /** At that moment it is opened to more people, and may still be taken */
  widens: boolean;
  /** How many others may take it at this moment */
  others: number;
};

export type PortalCategories = {
  items: ({
    /** UUIDv7 */
    id: string;
    name: string;
    nameEn: string | null;
    items: ({
      /** UUIDv7 */
      id: string;
      name: string;
      nameEn: string | null;
    })[];
  })[];
};

export type PortalHome = {
  organization: {
    name: string;
    slug: string;
    /** IANA; times are shown in it */
    timeZone: string;
  };
  /** The first level */
  categories: ({
    /** UUIDv7 */
    id: string;
    name: string;
    nameEn: string | null;
    /** Whether there are others below it */
    deeper: boolean;
  })[];
  asset: {
    code: string;
    name: string;
    address: string | null;
  } | null;
  site: {
    name: string;
    address: string | null;
  } | null;
  /** What can be reported, the default first; each with the fields that are meant for customers */
  types: ({
    /** UUIDv7 */
    id: string;
    name: string;
    nameEn: string | null;
    form: Form;
  })[];
  supportPhone: string | null;
  /** Whether codes can be sent by text message */
  phoneSignIn: boolean;
};

export type PortalUpload = {
  /** Name it in the report within an hour */
  uploadToken: string;
  name: string;
  mediaType: string;
  size: number;
};

export type PositionsTaken = {
  /** How many were worth keeping */
  kept: number;
  /** The place of the visit is near: the customer has been told */
  near: boolean;
  /** When the next are wanted */
  nextInSeconds: number;
  stopped: "too_long" | "left" | null;
};

export type Preferences = {
  language: "zh-CN" | "en" | null;
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  /** 0: replies are sent at once */
  undoSeconds: number;
  desktopNotifications: boolean;
  quietHours: {
    /** HH:MM by the organization’s clock */
    from: string;
    /** HH:MM by the organization’s clock */
    to: string;
  } | null;
  signature: string;
  /** Keys by command, named like ticket.reply */
  shortcuts: Record<string, string>;
  notify: {
    mentioned: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    team_mentioned: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    assigned: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    delegated: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    replied: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    watching: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    returned: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    held_failed: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rule: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rule_suspended: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    side_conversation: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    checklist: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    urgent: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_warned: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_breached: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_escalated: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    unanswered: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    offered: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    unclaimed: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    hurried: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rescheduled: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
  };
};

export type Presence = {
  /** UUIDv7 */
  ticketId: string;
  people: ({
    /** UUIDv7 */
    id: string;
    name: string;
    state: "viewing" | "typing";
    /** They write for colleagues */
    note?: true;
    /** The customer themselves, at a chat on a website */
    visitor?: true;
    /** The page the customer is on */
    page?: {
      url: string;
      title: string;
    };
  })[];
};

export type PreviewAutomationRule = {
  definition: AutomationRuleDefinition;
  limit?: number;
  /** nextCursor of the page before */
  cursor?: string;
};

export type PreviewDispatchWeights = {
  /** What each counts against the others; not all 0. territory and preference as usual when absent */
  weights: {
    travel: number;
    promptness: number;
    skill: number;
    load: number;
    territory?: number;
    familiarity: number;
    preference?: number;
    fairness: number;
  };
};

export type PreviewNoticeTemplate = {
  title: string;
  body: string;
};

export type PrintLabels = {
  ids: (string)[];
  /** a4 when absent */
  size?: "40x30" | "60x40" | "80x50" | "a4" | "a4_24" | "a4_40";
  /** So many places of the first sheet are used up already */
  skip?: number;
};

export type PriorityExplanation = {
  score: number;
  /** A person or the caller set the priority */
  overridden: boolean;
  factors: ({
    factor: string;
    points: number;
    detail?: string;
  })[];
};

export type Problem = {
  /** URI of the documentation of the code */
  type: string;
  /** Sentence for a person, in the language of Accept-Language */
  title: string;
  status: number;
  /** Stable code */
  code: string;
  detail?: string;
  requestId?: string;
  errors?: ({
    path: string;
    code: string;
    message: string;
  })[];
};

export type Progress = {
  number: string;
  continuesAs: string | null;
  organization: {
    name: string;
    slug: string;
    /** IANA; times are shown in it */
    timeZone: string;
  };
  subject: string;
  description: string;
  status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  waitingFor: string | null;
  address: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  steps: ({
    step: "received" | "assigned" | "accepted" | "travelling" | "on_site" | "resolved" | "closed";
    at: string | null;
    done: boolean;
    current: boolean;
  })[];
  technician: {
    name: string;
    status: "scheduled" | "accepted" | "travelling" | "on_site" | "completed" | "incomplete" | "declined" | "cancelled";
    windowStart: string | null;
    windowEnd: string | null;
    workSummary: string | null;
    signedBy: string | null;
    coming: {
      metres: number;
      minutes: number;
      /** RFC 3339, UTC */
      at: string;
    } | null;
  } | null;
  obstacle: {
    kind: "no_access" | "part_needed" | "return_visit";
    /** RFC 3339, UTC */
    at: string;
  } | null;
  messages: ({
    /** UUIDv7 */
    id: string;
    fromCustomer: boolean;
    author: string | null;
    body: string;
    /** RFC 3339, UTC */
    at: string;
    files: (File)[];
  })[];
  files: (File)[];
  resolution: string | null;
  reportUrl: string | null;
  rating: {
    rating: number;
    comment: string | null;
  } | null;
  canConfirm: boolean;
  canReopen: boolean;
  canRate: boolean;
  canComment: boolean;
  news: "all" | "results" | "answers" | null;
  version: number;
};

export type PublishAutomationRule = {
  note?: string;
  /** Switches it on as well */
  enable?: boolean;
};

export type PublishDefinition = {
  note?: string;
};

export type PublishFlow = {
  /** What changed, for colleagues */
  note?: string;
};

export type PublishForm = {
  /** What changed, for colleagues */
  note?: string;
};

export type PublishSlaPolicy = {
  note?: string;
  /** Switches it on as well */
  enable?: boolean;
  /** Unfinished tickets come under this version, too; else they keep what they were promised */
  running?: boolean;
};

export type ReadIcalendar = {
  /** An iCalendar file (RFC 5545) */
  text: string;
  timeZone: string;
  /** What its events stand for, unless the file says it itself */
  meaning: "closed" | "open";
};

export type ReadIcalendarAnswer = {
  days: Record<string, {
    kind: "holiday" | "workday" | "closed" | "open";
    name?: string;
    windows?: ({
      /** Minutes from midnight; 1440 is 24:00 */
      startsMinute: number;
      /** Minutes from midnight; 1440 is 24:00 */
      endsMinute: number;
    })[];
    /** Monday is 1 */
    weekday?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  }>;
  events: number;
  problems: ({
    line: number;
    code: string;
    summary: string;
    message: string;
  })[];
};

export type Reference = {
  /** UUIDv7 */
  id: string;
  name: string;
};

export type RenderCannedReply = {
  /** Id or number */
  ticketId: string;
  /** true: it is only looked at, and not counted as used */
  preview?: boolean;
};

export type RenderedText = {
  text: string;
  /** Variables that have no value on this ticket, left out */
  missing: (string)[];
};

export type ReplyDelivery = {
  /** UUIDv7 */
  id: string;
  /** The kind of the account */
  channel: string;
  account: string;
  contact: string | null;
  /** sent: the platform took it; held: nobody can tell whether it was taken, and a person decides */
  state: "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "held";
  route: "conversation" | "template" | "other" | "email" | "sms" | "page" | null;
  /** Ways that were left out, and why */
  skips: ({
    route: "conversation" | "template" | "other" | "email" | "sms" | "page";
    reason: string;
  })[];
  reason: string | null;
  said: string | null;
  /** RFC 3339, UTC */
  at: string;
};

export type ReplyInSideConversation = {
  body: string;
  /** Messages of the ticket to be quoted */
  quoteIds?: (string)[];
  /** Files uploaded before */
  attachments?: (string)[];
  /** Files of the ticket to be shown here */
  shareFileIds?: (string)[];
};

export type ReplyRoute = {
  conversation: {
    /** UUIDv7 */
    id: string;
    channel: string;
    account: string;
    contact: string | null;
    lastInboundAt: string | null;
    closesAt: string | null;
    grants: number | null;
    quota: {
      left: number;
      of: number;
    } | null;
    parts: (string)[];
    textBytes: number | null;
  } | null;
  route: "conversation" | "template" | "other" | "email" | "sms" | "page" | null;
  via: string | null;
  /** Ways that were left out, and why */
  skips: ({
    route: "conversation" | "template" | "other" | "email" | "sms" | "page";
    reason: string;
  })[];
};

export type ReportCreated = {
  number: string;
  token: string;
  url: string;
};

export type RequestDayPlan = {
  date: string;
  /** Whose people are planned, and whose tickets */
  teamIds: (string)[];
  /** These unplanned tickets; all of the teams when absent, the most pressing 1000 of them */
  ticketIds?: (string)[];
  /** How long is searched; 5 when absent */
  seconds?: number;
  /** promises when absent */
  keep?: "promises" | "people" | "everything";
  promiseMinutes?: number | null;
};

export type Requester = {
  customerId: string | null;
  name: string | null;
  phone: string | null;
  email: string | null;
  tier: string | null;
};

export type RequesterInput = {
  /** UUIDv7 */
  customerId?: string;
  name?: string;
  phone?: string;
  email?: string;
};

export type RequestReplan = {
  date: string;
  teamIds: (string)[];
  event: "technician_absent" | "visit_late" | "urgent_ticket";
  /** technician_absent: who */
  technicianId?: string;
  /** technician_absent: since when; now when absent */
  from?: string;
  /** visit_late: which */
  visitId?: string;
  /** visit_late: by how much */
  minutes?: number;
  /** urgent_ticket: which */
  ticketId?: string;
  promiseMinutes?: number | null;
};

export type RequestSimulation = {
  /** RFC 3339, UTC */
  from: string;
  /** RFC 3339, UTC */
  to: string;
  /** In their order; id: in whose place it is tried. Absent: those that hold */
  policies?: ({
    id?: string | null;
    name: string;
    definition: SlaPolicyDefinition;
  })[];
  /** Definitions to be tried in the place of published calendars, by id */
  calendars?: Record<string, unknown>;
  /** All rules there would be, in their order. What people did is played as it was; what rules did is reckoned anew, under those that hold and under these */
  rules?: ({
    id?: string | null;
    name: string;
    definition: AutomationRuleDefinition;
    stopAfterMatch?: boolean;
  })[];
  /** Tickets that went through this flow are played through this definition, each step answered as it was and after as long */
  flow?: {
    /** UUIDv7 */
    id: string;
    definition: FlowDefinition;
  };
};

/** Tries again what is held; all of it when no activation is named */
export type RetryFlow = {
  activation?: string;
};

export type RevealedCustomer = {
  name: string;
  idNumber: string | null;
  contactPoints: ({
    /** UUIDv7 */
    id: string;
    kind: "phone" | "email" | "wechat_openid" | "wechat_unionid" | "wecom_external_id" | "dingtalk_id" | "feishu_id" | "alipay_id" | "other";
    value: string;
  })[];
};

export type RevealedValue = {
  value: string;
};

export type RevealReason = {
  /** Why; stands in the audit trail */
  reason: string;
};

export type Role = {
  /** UUIDv7 */
  id: string;
  key: string | null;
  name: string;
  nameEn: string | null;
  grants: ({
    permission: "ticket.read" | "ticket.create" | "ticket.update" | "ticket.assign" | "ticket.resolve" | "ticket.close" | "ticket.cancel" | "ticket.reply" | "ticket.note" | "visit.work" | "customer.read" | "customer.write" | "personal_data.reveal" | "asset.read" | "asset.write" | "organization.read" | "organization.write" | "settings.write" | "import.run" | "insight.read" | "view.share" | "macro.share" | "automation.manage" | "audit.read" | "api_key.manage";
    scope: "own" | "team" | "department" | "organization";
    ticketTypeIds?: (string)[];
  })[];
  active: boolean;
  /** Active people who hold it */
  staffCount: number;
  version: number;
};

export type Roster = {
  staff: Reference;
  source: "own" | "team" | "none";
  /** IANA; the days are those of this zone */
  timeZone: string;
  days: ({
    /** YYYY-MM-DD */
    day: string;
    windows: ({
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
    exception: string | null;
    /** Away for some or all of it */
    absent: boolean;
  })[];
  /** At work, half-open, absences taken out */
  intervals: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
  /** Can be called out, half-open, absences taken out */
  onCall: ({
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  })[];
};

export type RunBulk = {
  /** An id of the caller’s making: sending the same again continues this run and does nothing twice */
  id?: string;
  selection: BulkSelection;
  action: BulkAction;
  /** Says what would become of each ticket, and changes nothing */
  dryRun?: boolean;
};

export type SaveDayDraft = {
  date: string;
  /** Those whose day changes; the others stay as they are */
  technicians: ({
    /** UUIDv7 */
    technicianId: string;
    /** In order. What they have that day beside these stays, where its planned time puts it */
    stops: ({
      /** Of that day, or of another one: then it is moved to that day */
      visitId?: string;
      /** A ticket that has no visit yet; one of the two */
      ticketId?: string;
      /** With ticketId: a visit of it that was called off. It is arranged as that was: with what the customer was told, who came along, the note and what was held */
      asVisit?: string;
      /** Not sooner than this. When absent: a visit that stays with its technician not sooner than it was planned, any other as soon as can be */
      startsAt?: string;
      lock?: VisitLock | null;
      /** Of the visit, or of the ticket where there is none: with it the change is refused when somebody else changed it meanwhile */
      version?: number;
    })[];
  })[];
  /** Visits that are called off, their tickets given back to the unplanned */
  released?: ({
    /** UUIDv7 */
    visitId: string;
    version?: number;
  })[];
  promiseMinutes?: number | null;
  /** Why a hard rule is broken; kept in the history of each ticket it concerns */
  reason?: string;
};

export type SavedDraft = {
  /** Those whose day changes, also those who only lose something */
  technicians: ({
    /** UUIDv7 */
    technicianId: string;
    stops: (DayStop)[];
    returnsAt: string | null;
    figures: DayFigures;
  })[];
  broken: (BrokenRule)[];
  before: DayFigures;
  after: DayFigures;
  difference: DayFigures;
  travel: "straight_line" | "learned" | "osrm" | "amap" | "mixed";
  changed: ({
    /** UUIDv7 */
    ticketId: string;
    visitId: string | null;
    number: string;
  })[];
};

export type SaveDraft = {
  /** Where it is written: ticket:<id>:reply, ticket:<id>:note, new-ticket, … */
  place: string;
  /** At most 64 KB as JSON */
  content: Record<string, unknown>;
  /** The version this one was written over; 0 or absent for a new one. Another one there now is answered 409 draft_conflict with both */
  version?: number;
};

export type SearchResult = {
  tickets: {
    /** How many there are; no more than 20 are counted */
    count: number;
    /** Whether there are more than were counted */
    more: boolean;
    /** The first ones, as GET /tickets?q= has them */
    items: (TicketLine)[];
  } | null;
  customers: {
    /** How many there are; no more than 20 are counted */
    count: number;
    /** Whether there are more than were counted */
    more: boolean;
    /** The first ones, as GET /customers?q= has them */
    items: (Customer)[];
  } | null;
  accounts: {
    /** How many there are; no more than 20 are counted */
    count: number;
    /** Whether there are more than were counted */
    more: boolean;
    /** The first ones, as GET /accounts?q= has them */
    items: (Account)[];
  } | null;
  assets: {
    /** How many there are; no more than 20 are counted */
    count: number;
    /** Whether there are more than were counted */
    more: boolean;
    /** The first ones, as GET /assets?q= has them */
    items: (Asset)[];
  } | null;
  staff: {
    /** How many there are; no more than 20 are counted */
    count: number;
    /** Whether there are more than were counted */
    more: boolean;
    /** The first ones, as GET /staff?q= has them */
    items: (Staff)[];
  } | null;
};

export type SearchTickets = {
  /** Number or its end, phone number or its last four digits, words, “phrases in quotes” */
  q?: string;
  filter?: TicketFilter;
  view?: string;
  /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, relevance, or fields.<key> and -fields.<key> of an indexed field */
  sort?: string;
  grouping?: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel" | null;
  columns?: (string)[];
  limit?: number;
  /** nextCursor of the page before */
  cursor?: string;
};

export type Segment = {
  /** Seconds from the beginning */
  t0: number;
  t1: number;
  speaker: string | null;
  text: string;
  confidence: number | null;
};

export type SendChatMessage = {
  /** The page’s own name for it: what comes twice is kept once */
  key: string;
  body: string;
  uploads?: (string)[];
};

/** sentAt is when it was sent by the clock of the phone: with it the times of the points are put right where that clock is wrong */
export type SendPositions = {
  /** UUIDv7 */
  visitId: string;
  /** WGS-84 when absent */
  crs?: "WGS84" | "GCJ02" | "BD09";
  /** RFC 3339, UTC */
  sentAt?: string;
  points: ({
    lat: number;
    lng: number;
    /** Metres */
    accuracy: number;
    /** RFC 3339, UTC */
    at: string;
  })[];
};

export type SessionStarted = {
  /** Bearer token; the same session is also set as a cookie */
  token: string;
  /** Send as X-CSRF-Token with every change when using the cookie */
  csrfToken: string;
  /** RFC 3339, UTC */
  expiresAt: string;
  staff: Me;
  /** Where the feed stood when this was answered: to be sent to it as Last-Event-ID, so that a page misses nothing of what happens while it asks for the rest */
  feedPlace: string;
};

export type SetNoticeAddress = {
  channel: "email" | "sms" | "wecom" | "dingtalk" | "feishu";
  address: string;
};

/** What was said of the same technician before is replaced */
export type SetTechnicianPreference = {
  of: "customer" | "site" | "asset";
  /** UUIDv7 */
  subjectId: string;
  /** UUIDv7 */
  staffId: string;
  kind: "preferred" | "required" | "banned";
  reason?: string | null;
};

export type SettledMessages = {
  settled: number;
  /** Those to which this can not be done */
  skipped: number;
};

export type SettleMessage = {
  /** Why a message is discarded */
  reason?: string;
};

export type SettleMessages = {
  ids: (string)[];
  /** Why a message is discarded */
  reason?: string;
};

export type Shifts = {
  owner: {
    kind: "staff" | "team";
    /** UUIDv7 */
    id: string;
    name: string;
  };
  timeZone: string | null;
  windows: ({
    /** Monday is 1 */
    weekday: number;
    /** Minutes after midnight on the wall, included */
    startsMinute: number;
    /** Not included; 1440 is 24:00. A night shift is two windows on two days */
    endsMinute: number;
  })[] | null;
  /** In the order of the days */
  exceptions: ({
    /** YYYY-MM-DD */
    day: string;
    /** What is worked instead of the week; nothing when empty */
    windows: ({
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
    note: string | null;
  })[];
  /** What holds, with the team’s taken into account */
  effective: {
    /** Whose week holds */
    source: "own" | "team" | "none";
    team: Reference | null;
    timeZone: string;
    windows: ({
      /** Monday is 1 */
      weekday: number;
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
  };
  onCall: {
    windows: ({
      /** Monday is 1 */
      weekday: number;
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
    /** In the order of the days; on call instead of what the week says */
    exceptions: ({
      /** YYYY-MM-DD */
      day: string;
      /** What is worked instead of the week; nothing when empty */
      windows: ({
        /** Minutes after midnight on the wall, included */
        startsMinute: number;
        /** Not included; 1440 is 24:00. A night shift is two windows on two days */
        endsMinute: number;
      })[];
      note: string | null;
    })[];
  } | null;
  /** 0 while nothing was ever entered */
  version: number;
};

export type SideConversation = {
  /** UUIDv7 */
  id: string;
  /** Without id when the caller may not read the ticket */
  ticket: {
    id: string | null;
    number: string;
  };
  subject: string;
  kind: "team" | "department" | "email";
  team: Reference | null;
  department: Reference | null;
  email: {
    address: string;
    name: string | null;
  } | null;
  state: "open" | "closed";
  openedBy: {
    id: string | null;
    name: string | null;
  };
  awaits: "asked" | "asker" | null;
  messageCount: number;
  lastMessage: {
    author: string | null;
    preview: string;
  } | null;
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  lastMessageAt: string;
  closedAt: string | null;
  version: number;
};

export type SideMessage = {
  /** UUIDv7 */
  id: string;
  direction: "internal" | "outbound" | "inbound";
  author: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  body: string;
  quotes: ({
    author: string | null;
    /** RFC 3339, UTC */
    at: string;
    body: string;
  })[];
  files: (File)[];
  delivery: {
    state: "queued" | "sending" | "sent" | "failed";
    address: string;
    sentAt: string | null;
  } | null;
  /** RFC 3339, UTC */
  createdAt: string;
};

export type SignIn = {
  /** E-mail address or phone number */
  email?: string;
  phone?: string;
  password: string;
  /** Code of the authenticator app, when two-factor sign-in is on */
  code?: string;
  /** Slug, where one account belongs to several organizations */
  organization?: string;
};

export type SimulationResult = {
  tickets: number;
  affected: number;
  nowBreached: number;
  noLongerBreached: number;
  all: {
    key: string;
    name: string;
    before: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
    after: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
  };
  byMetric: ({
    key: string;
    name: string;
    before: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
    after: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
  })[];
  byPriority: ({
    key: string;
    name: string;
    before: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
    after: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
  })[];
  byTeam: ({
    key: string;
    name: string;
    before: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
    after: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
  })[];
  internal: ({
    key: string;
    name: string;
    before: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
    after: {
      judged: number;
      met: number;
      breached: number;
      rate: number | null;
      running: number;
      void: number;
    };
  })[];
  /** Per team */
  load: ({
    key: string;
    name: string;
    ticketsBefore?: number;
    /** That end with it under the draft; ticketsBefore: under what holds */
    tickets: number;
    /** Promises broken */
    before: number;
    after: number;
  })[];
  /** Tickets that are in none of the numbers, as what would have become of them cannot be known */
  unknown?: ({
    why: "macro" | "flow" | "person" | "condition" | "pace" | "never_asked" | "outcome" | "votes" | "call" | "fact" | "rule" | "step";
    key: string;
    /** Of the rule or the step */
    name: string;
    tickets: number;
  })[];
  unknownTickets?: number;
  rules?: {
    /** How often each acted; null on the side where there is no such rule */
    rules: ({
      key: string;
      name: string;
      before: {
        tickets: number;
        times: number;
        /** Times its actions would have been refused */
        refused: number;
      } | null;
      after: {
        tickets: number;
        times: number;
        /** Times its actions would have been refused */
        refused: number;
      } | null;
    })[];
    /** Actions that changed something or told somebody */
    effects: ({
      kind: "set" | "status" | "tag" | "untag" | "assign" | "comment" | "notify" | "watch" | "checklist" | "macro" | "flow" | "create" | "call";
      before: number;
      after: number;
    })[];
  } | null;
  flow?: {
    /** That are known on both sides */
    runs: number;
    before: {
      ended: number;
      minutes: number | null;
    };
    after: {
      ended: number;
      minutes: number | null;
    };
    steps: ({
      key: string;
      name: string;
      before: {
        entered: number;
        minutes: number | null;
      } | null;
      after: {
        entered: number;
        minutes: number | null;
      } | null;
    })[];
    /** Steps each team had */
    teams: ({
      key: string;
      name: string;
      before: number;
      after: number;
    })[];
  } | null;
  /** Those whose promises come out differently first; at most 200 */
  examples: ({
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    effect: "now_breached" | "no_longer_breached" | "both" | "other";
    clocks: ({
      key: string;
      name: string;
      before: {
        dueAt: string | null;
        breachedAt: string | null;
        outcome: string | null;
      } | null;
      after: {
        dueAt: string | null;
        breachedAt: string | null;
        outcome: string | null;
      } | null;
    })[];
    changes?: ({
      property: "team" | "assignee" | "priority" | "status" | "category" | "tags";
      before: {
        key: string;
        name: string;
      } | null;
      after: {
        key: string;
        name: string;
      } | null;
    })[];
  })[];
  seconds: number;
};

export type Site = {
  /** UUIDv7 */
  id: string;
  account: Reference;
  name: string;
  address: string | null;
  location: {
    lat: number;
    lng: number;
  } | null;
  contactName: string | null;
  contactPhone: string | null;
  accessHours: ({
    weekday: number;
    startsMinute: number;
    endsMinute: number;
  })[] | null;
  accessNotes: string | null;
  /** What the QR code at the place opens */
  scanUrl: string;
  /** How often its code was scanned, and when last */
  scans: {
    count: number;
    lastAt: string | null;
  };
  archivedAt: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  version: number;
};

export type SkillDefinition = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  active: boolean;
  /** Active people who have it */
  staffCount: number;
  version: number;
};

export type SkillNeed = {
  /** UUIDv7 */
  skillId: string;
  level: number;
};

export type SlaBreach = {
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    priority: "urgent" | "high" | "normal" | "low";
  };
  clock: string;
  metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution";
  name: string;
  team: Reference | null;
  assignee: Reference | null;
  /** What a team promised its own house (OLA) */
  internal: boolean;
  dueAt: string | null;
  /** RFC 3339, UTC */
  breachedAt: string;
  endedAt: string | null;
  reason: {
    reason: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other";
    note: string | null;
    by: Reference | null;
    /** RFC 3339, UTC */
    at: string;
  } | null;
};

export type SlaBreachSummary = {
  breached: number;
  unexplained: number;
  /** Most first */
  teams: ({
    team: Reference | null;
    breached: number;
    unexplained: number;
  })[];
  /** Most first; null: nobody said why */
  reasons: ({
    reason: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other" | null;
    breached: number;
  })[];
};

export type SlaPolicy = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  position: number;
  enabled: boolean;
  archived: boolean;
  definition: SlaPolicyDefinition | null;
  draft: SlaPolicyDefinition | null;
  publishedVersion: number | null;
  /** Of the draft, or of what was published where there is none */
  problems: (DefinitionProblem)[];
  neverReached: string | null;
  /** RFC 3339, UTC */
  updatedAt: string;
  version: number;
};

export type SlaPolicyDefinition = {
  types?: (string)[];
  priorities?: ("urgent" | "high" | "normal" | "low")[];
  /** Keys of customer tiers; `none`: customers without one */
  tiers?: (string)[];
  condition?: TicketFilter;
  targets: (SlaTarget)[];
};

export type SlaPolicyVersion = {
  number: number;
  name: string;
  definition: SlaPolicyDefinition;
  note: string | null;
  restored: number | null;
  publishedBy: Reference | null;
  /** RFC 3339, UTC */
  publishedAt: string;
  current: boolean;
};

export type SlaSimulation = {
  /** UUIDv7 */
  id: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** RFC 3339, UTC */
  from: string;
  /** RFC 3339, UTC */
  to: string;
  done: number;
  total: number | null;
  result: SimulationResult | null;
  createdBy: Reference | null;
  /** RFC 3339, UTC */
  createdAt: string;
  endedAt: string | null;
};

export type SlaTarget = {
  key: string;
  metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution";
  party: "customer" | "team";
  team?: string;
  step?: string;
  types?: (string)[];
  priorities?: ("urgent" | "high" | "normal" | "low")[];
  /** Keys of customer tiers; `none`: customers without one */
  tiers?: (string)[];
  /** Working minutes */
  minutes: number;
  /** Id of a business calendar */
  calendar: string;
  startsWith?: "created" | "assigned" | "accepted";
  pauses: ({
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    waitingFor?: ("customer" | "supplier" | "part" | "other")[];
  } | {
    statusId: string;
  })[];
  warnings: (number)[];
  ladder: ({
    /** Working minutes after the time is over */
    afterMinutes: number;
    whom: ({
      kind: "assignee" | "team_lead" | "manager" | "department_head" | "watchers";
    } | {
      kind: "staff" | "team" | "role";
      id: string;
    })[];
    /** Kinds of channels all of which are used at once; absent: as each person has it */
    channels?: (string)[];
  } | {
    /** Percent of the time */
    percent: number;
    whom: ({
      kind: "assignee" | "team_lead" | "manager" | "department_head" | "watchers";
    } | {
      kind: "staff" | "team" | "role";
      id: string;
    })[];
    /** Kinds of channels all of which are used at once; absent: as each person has it */
    channels?: (string)[];
  })[];
  whenReopened?: "go_on" | "start_anew";
  whenChanged?: "keep_used" | "start_anew";
};

export type Softphone = {
  /** The WebSocket of the telephone system */
  server: string;
  domain: string;
  stun: string | null;
  user: string;
  password: string;
  name: string;
};

export type SpeechSetting = {
  enabled: boolean;
  protocol: "whisper" | "funasr";
  baseUrl: string | null;
  model: string | null;
  language: string | null;
  hasKey: boolean;
  timeoutSeconds: number;
  /** Whether it is switched on and has all it needs */
  ready: boolean;
  updatedAt: string | null;
  version: number;
};

export type SplitTicket = {
  /** Their text and attachments are copied; here they stay. None only where there is a description instead */
  messageIds: (string)[];
  subject: string;
  description?: string;
  /** Id or key of the ticket type */
  type?: string;
  category?: string | null;
  priority?: "urgent" | "high" | "normal" | "low";
  team?: string | null;
  /** Further files of this ticket to be copied */
  fileIds?: (string)[];
  /** Which answers of this ticket’s own fields are taken over; of the same type all when absent, of another type none. Another type takes those of which its form has the like */
  fieldKeys?: (string)[];
  /** How the new ticket is linked with this one; related when absent */
  link?: "related" | "child" | "none";
};

export type Staff = {
  /** UUIDv7 */
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  job: "agent" | "technician" | "dispatcher" | "manager" | "administrator";
  department: Reference | null;
  teams: (Reference)[];
  skills: ({
    /** UUIDv7 */
    id: string;
    /** Its name, in the language of the reader */
    skill: string;
    level: number;
  })[];
  roles: (Reference)[];
  /** Tickets assigned and not yet resolved */
  openTickets: number;
  active: boolean;
  absent: {
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
    cover: Reference | null;
  } | null;
  version: number;
};

export type StaffDuties = {
  /** Unfinished tickets assigned to them; they go back to the queue of their team */
  openTickets: number;
  /** Visits they have not set out for; they are called off */
  plannedVisits: number;
  /** Visits they are travelling to or on; they stay, for a colleague to take over */
  visitUnderWay: number;
  /** Open tasks of flows that wait for them by name; they stay, to be reassigned */
  tasks: number;
  /** Open approvals of flows that wait for them by name; they stay, to be reassigned */
  approvals: number;
};

export type StaffPosition = {
  /** UUIDv7 */
  staffId: string;
  /** UUIDv7 */
  visitId: string;
  lat: number;
  lng: number;
  accuracy: number;
  /** RFC 3339, UTC */
  at: string;
};

export type StaffPositions = {
  items: (StaffPosition)[];
};

export type StartFlow = {
  /** UUIDv7 */
  flowId: string;
};

/** sentAt is when it was sent by the clock of the device: with it the times of the steps are put right where that clock is wrong */
export type SyncCommands = {
  /** RFC 3339, UTC */
  sentAt?: string;
  /** Made by the device once, and kept */
  deviceId: string;
  commands: ({
    /** The device’s own count of its steps, rising */
    sequence: number;
    /** UUIDv7 */
    visitId: string;
    action: "accept" | "decline" | "start_travel" | "check_in" | "check_items" | "log_work" | "complete" | "report_obstacle";
    previous?: number | null;
    body?: TakeVisitAction;
  })[];
};

export type SyncResult = {
  /** The device’s own count of its steps, rising */
  sequence: number;
  /** held: a step before it on the same visit was refused or has not come, or the server failed with it; send it again later */
  outcome: "applied" | "already_applied" | "held" | "refused";
  visit: Visit | null;
  problem: {
    status: number;
    code: string;
    title: string;
    errors: ({
      path: string;
      code: string;
      message: string;
    })[];
    /** What kind of conflict it is, with a way out of each */
    rule: "reassigned" | "cancelled" | "moved_on" | "answers_refused" | "position_needed" | "file_refused" | "number_reused" | "other";
  } | null;
};

export type SyncResults = {
  /** In the order of their numbers */
  results: (SyncResult)[];
  /** By how much the clock of the device was found to be behind, below zero ahead; 0 within a minute. The times of the steps were put right by as much */
  clockBehindSeconds: number;
};

export type TakeAction = {
  assignee?: string | null;
  /** assign: who had it, or null for nobody, as the caller saw it; refused when somebody else has it by now */
  expectedAssignee?: string | null;
  /** assign: why something is done against a rule (a skill they lack, whom the customer wants or does not accept, an area they do not serve, a visit that is held, another window than the one that was promised); refused with `override_needed` without it. transfer: the same, where `reason` says nothing */
  override?: string;
  /** UUIDv7 */
  team?: string;
  /** assign: schedule an on-site visit; assigning a technician does so by itself */
  visit?: {
    /** RFC 3339, UTC */
    windowStart?: string;
    /** RFC 3339, UTC */
    windowEnd?: string;
    /** Who comes along */
    members?: (string)[];
  };
  reason?: string;
  note?: string;
  /** wait: for whom */
  for?: "customer" | "supplier" | "part" | "other";
  /** resolve: what was done */
  resolution?: string;
  /** Answers that come with the step; those that the form wants in the state it leads to are refused when missing */
  fields?: Record<string, unknown>;
  /** set_status: id of an own status, or a class; other actions: id of an own status of the class they lead to */
  status?: string;
  /** resolve: whether open children are resolved with it; leave when absent */
  children?: "resolve" | "leave";
};

export type TakeHotlineAction = {
  /** Why; of finishing, what was done; of a revisit, what the citizen said */
  words?: string;
  /** RFC 3339, UTC */
  until?: string;
  satisfaction?: number;
};

export type TakenOffer = {
  /** UUIDv7 */
  offerId: string;
  /** UUIDv7 */
  ticketId: string;
  ticketNumber: string;
  visitId: string | null;
};

export type TakeTaskAction = {
  /** complete: with which outcome, where the step has several */
  outcome?: string;
  /** complete, approve, reject: answers the step asks for */
  fields?: Record<string, unknown>;
  comment?: string;
  /** approve, reject, hand_over, add_signer: which seat, where the caller holds several */
  seat?: string;
  /** add_signer: who signs beside; hand_over: the one who takes over */
  staffIds?: (string)[];
  /** add_signer: before one’s own vote or after it; before when absent */
  position?: "before" | "after";
  to?: string;
};

export type TakeVisitAction = {
  /** decline: why; check_in: why there is no position, or why it is far from the place (needed from 1,000 metres on) */
  reason?: string;
  /** report_obstacle: no_access (nobody there or no way in; the ticket waits for the customer), part_needed (it waits for the part) or return_visit (it goes back to the dispatchers) */
  obstacle?: "no_access" | "part_needed" | "return_visit";
  /** report_obstacle: what colleagues have to know, such as which part; needed unless the obstacle is no_access */
  note?: string;
  /** report_obstacle with part_needed or return_visit: what the next visit needs, a line each */
  needs?: (string)[];
  /** complete, report_obstacle: what was used up, a line each */
  parts?: (string)[];
  /** check_items: items of the ticket’s checklist that are done, or are not after all */
  items?: ({
    /** UUIDv7 */
    id: string;
    done: boolean;
  })[];
  /** When and where files among the attachments were recorded: films and words, into which nothing can be written */
  recorded?: ({
    /** UUIDv7 */
    fileId: string;
    /** RFC 3339, UTC */
    at: string;
    location?: Location | null;
    /** Metres */
    accuracy?: number;
  })[];
  /** complete: how the customer who signed rated the service at the technician’s phone; needs the signature */
  rating?: number;
  ratingComment?: string;
  location?: Location;
  /** Metres */
  accuracy?: number;
  /** RFC 3339, UTC */
  occurredAt?: string;
  /** The step’s own id: sent again, however much later, it is not taken twice, and the answer is the visit as it stands */
  stepId?: string;
  workSummary?: string;
  /** Photos uploaded before */
  attachments?: (string)[];
  /** UUIDv7 */
  signatureFileId?: string;
  signedBy?: string;
  /** log_work, complete: answers to fields of the ticket’s form, refused with any other step; with complete those that it wants of a resolved ticket have to be there */
  fields?: Record<string, unknown>;
  /** What these fields held when they were answered: what the office changed since is merged field by field, and told in `conflicts` */
  seen?: Record<string, unknown>;
};

export type Task = {
  /** UUIDv7 */
  id: string;
  kind: "task" | "onsite_task" | "approval";
  node: string;
  name: string;
  instructions: string | null;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    subject: string;
    priority: string;
    status: string;
  };
  state: "open" | "completed" | "cancelled";
  mode: "all" | "any" | "sequence" | "quorum" | null;
  quorum: number | null;
  seats: (TaskSeat)[];
  claimedBy: Reference | null;
  outcome: string | null;
  completedBy: Reference | null;
  outcomes: ({
    key: string;
    name: string;
  })[];
  /** Fields of the ticket’s form that it asks for */
  fields: ({
    key: string;
    required: boolean;
    readOnly: boolean;
  })[];
  /** RFC 3339, UTC */
  createdAt: string;
  dueAt: string | null;
  completedAt: string | null;
  overdue: boolean;
  /** What the caller may do now */
  actions: ("claim" | "release" | "complete" | "approve" | "reject" | "add_signer" | "hand_over" | "return" | "withdraw")[];
  /** Earlier steps it may be sent back to */
  returnTargets: ({
    node: string;
    name: string;
  })[];
  version: number;
};

export type TaskCounts = {
  mine: number;
  team: number;
};

export type TaskSeat = {
  id: string;
  kind: "person" | "team";
  who: Reference;
  vote: "approved" | "rejected" | null;
  at: string | null;
  by: Reference | null;
  comment: string | null;
  /** Whether it is their turn */
  open: boolean;
  addedBy: Reference | null;
  from: Reference | null;
};

export type Team = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  department: Reference | null;
  lead: Reference | null;
  memberCount: number;
  active: boolean;
  version: number;
};

export type TeamDetail = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  department: Reference | null;
  lead: Reference | null;
  memberCount: number;
  active: boolean;
  version: number;
  members: (Reference)[];
};

export type TechnicianPreference = {
  /** UUIDv7 */
  id: string;
  of: "customer" | "site" | "asset";
  /** UUIDv7 */
  subjectId: string;
  technician: Reference;
  /** preferred: counts in the score; required: nobody but those who are required, by any of customer, site and asset each; banned: never */
  kind: "preferred" | "required" | "banned";
  reason: string | null;
  by: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
};

export type TechnicianPreferences = {
  items: (TechnicianPreference)[];
};

export type TechnicianProposal = {
  technician: Reference;
  /** From 0 to 100 */
  score: number;
  /** Factor by factor; the points add up to the score */
  sheet: ({
    factor: "travel" | "promptness" | "skill" | "load" | "territory" | "familiarity" | "preference" | "fairness";
    title: string;
    /** From 0 to 1, more is better */
    value: number;
    /** What it adds to the score */
    points: number;
    /** What it could add */
    most: number;
  })[];
  /** When they could be there */
  begins: string;
  travelMinutes: number | null;
  travelFrom: TravelOrigin | null;
  before: {
    /** UUIDv7 */
    ticketId: string;
    number: string;
  } | null;
  /** Who could come along at that moment, one for each whom the work needs beside them; null: nobody can */
  crew: ({
    technician: Reference | null;
    skills: (string)[];
  })[];
  /** What they have to do that day already */
  visits: number;
  shift: {
    /** RFC 3339, UTC */
    from: string;
    /** RFC 3339, UTC */
    to: string;
  };
  startsFrom: "check_in" | "home" | "recent_work" | "unknown";
};

export type TechnicianProposals = {
  /** The best first */
  items: (TechnicianProposal)[];
  /** How many could be sent */
  eligible: number;
  /** Those who could not, those of the ticket’s team first; at most 200 */
  ruledOut: ({
    technician: Reference;
    reason: "off_duty" | "not_required" | "banned" | "territory" | "skill" | "full" | "reserved" | "no_gap";
    title: string;
    detail: string | null;
  })[];
  ruledOutCount: number;
  /** What was looked for */
  basis: {
    /** The day of the organization it is reckoned for */
    day: string;
    windowStart: string | null;
    windowEnd: string | null;
    minutes: number;
    /** learned: from what it took before */
    minutesFrom: "given" | "learned" | "category" | "usual";
    skills: ({
      skill: Reference;
      level: number;
    })[];
    /** How many have to come */
    people: number;
    place: "ticket" | "asset" | "customer" | null;
    travel: "straight_line" | "learned" | "osrm" | "amap" | "mixed" | null;
  };
};

export type Telephone = {
  connected: boolean;
  extension: string | null;
  /** Calls can be made from the console */
  dials: boolean;
  /** One’s own browser can be a telephone */
  softphone: boolean;
};

export type Territories = {
  items: (Territory)[];
};

export type Territory = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  color: "blue" | "green" | "orange" | "red" | "purple" | "cyan" | "pink" | "grey";
  /** The coordinates of a GeoJSON MultiPolygon: polygons of rings, of which the first is the outer one and the others are holes; 500 positions in all at most. A ring neither crosses nor touches itself */
  shape: ((((number)[])[])[])[];
  /** Whose members serve it; new tickets there go to the team, where there is only one and nothing else says another */
  teams: (Reference)[];
  /** Technicians who serve it beside */
  staff: (Reference)[];
  active: boolean;
  version: number;
};

export type TestFlow = {
  definition?: FlowDefinition;
  ticket?: {
    /** Id or key of the ticket type whose form it fills in */
    type?: string;
    fields?: Record<string, unknown>;
    /** `ticket.<name>` as conditions read it: status, priority, subject, category, team, assignee, tags … */
    values?: Record<string, unknown>;
  };
  /** RFC 3339, UTC */
  startAt?: string;
  events: (FlowTestEvent)[];
};

export type TestNotice = {
  /** Where to; the caller’s own when absent */
  address?: string;
};

export type Ticket = {
  /** UUIDv7 */
  id: string;
  /** Short human number, 20261121-00042 */
  number: string;
  subject: string;
  status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  ownStatus: {
    /** UUIDv7 */
    id: string;
    name: string;
    color: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  } | null;
  waitingFor: "customer" | "supplier" | "part" | "other" | null;
  priority: "urgent" | "high" | "normal" | "low";
  channel: "console" | "portal" | "phone" | "email" | "web" | "chat" | "wechat" | "mini_program" | "wecom" | "dingtalk" | "feishu" | "sms" | "social" | "qr" | "app" | "alarm" | "hotline" | "api";
  type: {
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
  };
  category: CategoryReference | null;
  department: Reference | null;
  team: Reference | null;
  assignee: Reference | null;
  acceptedAt: string | null;
  requester: Requester;
  location: Location | null;
  tags: (string)[];
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  rating: number | null;
  mergedInto: {
    id: string | null;
    number: string;
  } | null;
  /** True of a child whose parent is being worked on, or gathers a storm of alarms: what is done about it is done there */
  led?: boolean;
  checklist: {
    done: number;
    total: number;
  } | null;
  sla: {
    dueAt: string | null;
    metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution" | null;
    breachedAt: string | null;
  } | null;
  version: number;
  description: string;
  resolution: string | null;
  /** Values of the type’s own fields by key */
  fields: Record<string, unknown>;
  /** The version of the type’s form it was made with: GET /ticket-types/{id}/versions/{number} */
  formVersion: number;
  /** Names of the people, customers, assets and files that fields refer to, by id; those the caller may not see are left out */
  fieldNames: Record<string, string>;
  /** Statuses the caller may give it now; empty where the organization has none of its own */
  statusChoices: ({
    /** What to send as `status` with the action set_status: the id of an own status, or a class */
    status: string;
    class: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
    name: string;
    color: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
    needs: "reason" | "resolution" | null;
  })[];
  asset: {
    /** UUIDv7 */
    id: string;
    code: string;
    name: string;
  } | null;
  /** What was read out of the words of whoever wrote, stands on the ticket, and nobody has confirmed */
  guesses: (Guess)[];
  /** What other systems were asked for it */
  completions: (Completion)[];
  priorityExplanation: PriorityExplanation;
  imported: {
    number: string | null;
  } | null;
  reopenedCount: number;
  createdBy: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  /** Tickets merged into this one, directly or through another */
  mergedFrom: (LinkedTicket)[];
  parent: LinkedTicket | null;
  children: {
    total: number;
    open: number;
    resolved: number;
    cancelled: number;
  } | null;
  visits: (VisitSummary)[];
  files: (File)[];
  survey: {
    rating: number;
    comment: string | null;
    /** RFC 3339, UTC */
    answeredAt: string;
  } | null;
  /** The customer’s signed link to follow the ticket */
  progressUrl: string;
  /** What the caller may do now */
  actions: ("accept" | "decline" | "assign" | "transfer" | "wait" | "resume" | "resolve" | "confirm" | "reopen" | "close" | "cancel")[];
};

export type TicketClocks = {
  policy: {
    /** UUIDv7 */
    id: string;
    name: string;
    version: number;
  } | null;
  choice: (string)[];
  /** Running ones first */
  clocks: (ExplainedClock)[];
};

/** {all: […]}, {any: […]}, {not: …} or {property, operator, value}; {all: []} means every ticket */
export type TicketFilter = Record<string, unknown>;

export type TicketFlow = {
  instance: FlowInstance | null;
  line: (FlowLineStep)[];
  /** Open ones */
  tasks: (Task)[];
  definition: FlowDefinition | null;
};

export type TicketLine = {
  /** UUIDv7 */
  id: string;
  /** Short human number, 20261121-00042 */
  number: string;
  subject: string;
  status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  ownStatus: {
    /** UUIDv7 */
    id: string;
    name: string;
    color: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  } | null;
  waitingFor: "customer" | "supplier" | "part" | "other" | null;
  priority: "urgent" | "high" | "normal" | "low";
  channel: "console" | "portal" | "phone" | "email" | "web" | "chat" | "wechat" | "mini_program" | "wecom" | "dingtalk" | "feishu" | "sms" | "social" | "qr" | "app" | "alarm" | "hotline" | "api";
  type: {
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
  };
  category: CategoryReference | null;
  department: Reference | null;
  team: Reference | null;
  assignee: Reference | null;
  acceptedAt: string | null;
  requester: Requester;
  location: Location | null;
  tags: (string)[];
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  rating: number | null;
  mergedInto: {
    id: string | null;
    number: string;
  } | null;
  /** True of a child whose parent is being worked on, or gathers a storm of alarms: what is done about it is done there */
  led?: boolean;
  checklist: {
    done: number;
    total: number;
  } | null;
  sla: {
    dueAt: string | null;
    metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution" | null;
    breachedAt: string | null;
  } | null;
  version: number;
  /** The fields among the columns */
  fields?: Record<string, unknown>;
  /** Names of the people, customers, assets and files they refer to, by id */
  fieldNames?: Record<string, string>;
  highlights?: (Highlight)[];
};

export type TicketLinePage = {
  /** Conditions of the view that could not be applied */
  problems?: (FilterProblem)[];
  items: (TicketLine)[];
  nextCursor: string | null;
};

export type TicketLink = {
  kind: "related" | "duplicate_of" | "duplicated_by" | "parent" | "child" | "blocks" | "blocked_by";
  ticket: LinkedTicket;
  via: string | null;
};

export type TicketOffers = {
  /** The newest first, at most 10 */
  items: (Offer)[];
  /** Whether one may be opened by the caller now */
  mayOffer: boolean;
  /** How the team gives out tickets of this type */
  mode: "direct" | "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
};

export type TicketStatus = {
  /** UUIDv7 */
  id: string;
  class: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  name: string;
  nameEn: string | null;
  color: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  waitingFor: "customer" | "supplier" | "part" | "other" | null;
  active: boolean;
  position: number;
  version: number;
};

export type TicketSummary = {
  /** UUIDv7 */
  id: string;
  /** Short human number, 20261121-00042 */
  number: string;
  subject: string;
  status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
  ownStatus: {
    /** UUIDv7 */
    id: string;
    name: string;
    color: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  } | null;
  waitingFor: "customer" | "supplier" | "part" | "other" | null;
  priority: "urgent" | "high" | "normal" | "low";
  channel: "console" | "portal" | "phone" | "email" | "web" | "chat" | "wechat" | "mini_program" | "wecom" | "dingtalk" | "feishu" | "sms" | "social" | "qr" | "app" | "alarm" | "hotline" | "api";
  type: {
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
  };
  category: CategoryReference | null;
  department: Reference | null;
  team: Reference | null;
  assignee: Reference | null;
  acceptedAt: string | null;
  requester: Requester;
  location: Location | null;
  tags: (string)[];
  /** RFC 3339, UTC */
  createdAt: string;
  /** RFC 3339, UTC */
  updatedAt: string;
  resolvedAt: string | null;
  closedAt: string | null;
  rating: number | null;
  mergedInto: {
    id: string | null;
    number: string;
  } | null;
  /** True of a child whose parent is being worked on, or gathers a storm of alarms: what is done about it is done there */
  led?: boolean;
  checklist: {
    done: number;
    total: number;
  } | null;
  sla: {
    dueAt: string | null;
    metric: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution" | null;
    breachedAt: string | null;
  } | null;
  version: number;
};

export type TicketTemplate = {
  /** UUIDv7 */
  id: string;
  name: string;
  nameEn: string | null;
  type: {
    /** UUIDv7 */
    id: string;
    key: string;
    name: string;
  };
  subject: string | null;
  description: string | null;
  category: {
    /** UUIDv7 */
    id: string;
    path: (string)[];
  } | null;
  team: Reference | null;
  priority: "urgent" | "high" | "normal" | "low" | null;
  fields: Record<string, unknown>;
  tags: (string)[];
  checklist: (string)[];
  checklists: (Reference)[];
  active: boolean;
  position: number;
  version: number;
};

export type TicketType = {
  /** UUIDv7 */
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  description: string | null;
  isDefault: boolean;
  /** Whether customers may choose it at the portal; the default one is always there */
  offered: boolean;
  active: boolean;
  position: number;
  /** The published version of its form */
  formVersion: number;
  /** Whether changes of its form wait to be published */
  hasDraft: boolean;
  /** JSON Schema of each field of the published form */
  fields: Record<string, unknown>;
  version: number;
  form: Form;
  /** JSON Schema of the values, derived from the published form */
  schema: Record<string, unknown>;
};

export type TicketTypeSummary = {
  /** UUIDv7 */
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  description: string | null;
  isDefault: boolean;
  /** Whether customers may choose it at the portal; the default one is always there */
  offered: boolean;
  active: boolean;
  position: number;
  /** The published version of its form */
  formVersion: number;
  /** Whether changes of its form wait to be published */
  hasDraft: boolean;
  /** JSON Schema of each field of the published form */
  fields: Record<string, unknown>;
  version: number;
};

export type TicketVisitor = {
  visitor: {
    name: string | null;
    online: boolean;
    lastAt: string | null;
    /** The own site vouches for who they are */
    proven: boolean;
    user: string | null;
    site: string | null;
    page: {
      url: string;
      title: string;
      referrer: string;
    } | null;
  } | null;
};

export type TimelineEntry = {
  id: string;
  kind: string;
  /** In the language of Accept-Language */
  title: string;
  /** RFC 3339, UTC */
  at: string;
  /** RFC 3339, UTC */
  recordedAt: string;
  actor: {
    kind: "staff" | "customer" | "api_key" | "system" | "rule";
    id: string | null;
    name: string | null;
  };
  /** What the fact says: before/after of changed properties, reasons, names */
  data: Record<string, unknown>;
  comment: Comment | null;
  files: (File)[];
  ticketNumber: string | null;
};

export type TravelOrigin = {
  source: "straight_line" | "learned" | "osrm" | "amap";
  /** In words, short: 学自 14 次 */
  title: string;
  count: number | null;
  roadFactor: number | null;
  askedAt: string | null;
};

export type TravelSetting = {
  provider: "none" | "osrm" | "amap";
  baseUrl: string | null;
  profile: string;
  hasKey: boolean;
  /** Whether the provider has all it takes to be asked */
  ready: boolean;
  /** How much longer roads are than the straight line */
  roadFactor: number;
  kilometresPerHour: number;
  /** Questions a day at most */
  dailyRequests: number;
  /** Of the organization’s day */
  today: {
    /** Questions asked, tries included */
    requests: number;
    /** Ways answered */
    pairs: number;
    failures: number;
    failure: {
      code: "address" | "private_address" | "unreachable" | "timeout" | "busy" | "quota" | "key" | "too_big" | "redirected" | "refused" | "malformed";
      title: string;
      /** RFC 3339, UTC */
      at: string;
      resumesAt: string | null;
    } | null;
  };
  /** Ways that are known from the provider */
  kept: number;
  learned: {
    /** That something was learned from */
    journeys: number;
    /** Of which enough is known, on working days or others */
    ways: number;
    /** How long all of them took, over a straight line × 1.3 at 28.8 km/h; drawn towards 1 by how few there are */
    ratio: number;
  };
  updatedAt: string | null;
  /** 0 while nothing was ever entered */
  version: number;
};

export type TriedConnector = {
  outcome: "answered" | "missing" | "failed";
  missing: (string)[];
  reason: string | null;
  said: string | null;
  milliseconds: number;
  answer: string | null;
  /** What the mapping makes of it, by target */
  values: Record<string, unknown>;
};

export type TriedMapping = {
  messages: ({
    externalId: string;
    /** What the mapping found, by target */
    values: Record<string, unknown>;
    /** What a ticket would be made of */
    request: Record<string, unknown>;
    /** What names nothing that there is here */
    unclear: ({
      target: string;
      value: string;
    })[];
    alarm: {
      key: string;
      episode: string;
      state: string;
    } | null;
  })[];
  total: number;
};

export type TriedTravel = {
  outcome: "answered" | "no_road" | "failed" | "no_places";
  from: {
    lat: number;
    lng: number;
  } | null;
  to: {
    lat: number;
    lng: number;
  } | null;
  answered: {
    seconds: number;
    metres: number;
  } | null;
  estimated: {
    seconds: number;
    metres: number;
    origin: TravelOrigin;
  } | null;
  reason: "address" | "private_address" | "unreachable" | "timeout" | "busy" | "quota" | "key" | "too_big" | "redirected" | "refused" | "malformed" | null;
  title: string | null;
  said: string | null;
  milliseconds: number;
};

export type TryAutomationRule = {
  /** Id or number */
  ticket: string;
  definition?: AutomationRuleDefinition;
};

export type TryConnector = {
  /** UUIDv7 */
  connector?: string;
  kind: "http" | "kuaidi100";
  /** A secret that is left out stays as it is */
  settings?: Record<string, string>;
  mapping?: (FieldMapping)[];
  /** Id or number of a ticket to ask for */
  ticket?: string;
  /** Values of what it asks with, by path */
  values?: Record<string, string>;
};

export type TryMapping = {
  kind: "webhook" | "alertmanager" | "zabbix" | "wechat_official_account" | "wechat_mini_program" | "wechat_kf" | "wecom" | "dingtalk" | "feishu" | "email" | "web_chat" | "phone" | "hotline" | "sms" | "telegram" | "whatsapp" | "messenger" | "line" | "douyin" | "weibo" | "mqtt";
  each?: string;
  mapping: (FieldMapping)[];
  /** What the other program sends, as text */
  body: string;
};

/** Without places: between the places of two tickets */
export type TryTravel = {
  provider: "osrm" | "amap";
  baseUrl?: string | null;
  /** What OSRM was prepared for; driving as a rule */
  profile?: string;
  /** The one that is kept when absent, for its own address only */
  key?: string;
  /** WGS-84 */
  from?: {
    lat: number;
    lng: number;
  };
  /** WGS-84 */
  to?: {
    lat: number;
    lng: number;
  };
};

export type UnmergeCustomer = {
  reason?: string;
};

export type UnmergeTicket = {
  note?: string;
};

export type UnplannedTicket = {
  /** UUIDv7 */
  ticketId: string;
  number: string;
  subject: string;
  priority: "urgent" | "high" | "normal" | "low";
  category: (string)[] | null;
  team: Reference | null;
  place: {
    text: string | null;
    lat: number | null;
    lng: number | null;
  } | null;
  windowStart: string | null;
  windowEnd: string | null;
  dueAt: string | null;
  /** RFC 3339, UTC */
  createdAt: string;
  skills: ({
    skill: Reference;
    level: number;
  })[];
  serviceMinutes: number;
  serviceFrom: "on_site" | "person" | "learned" | "category" | "usual";
  version: number;
};

export type UpdateAccount = {
  name?: string;
  kind?: "company" | "household" | "building" | "community" | "shop" | "institution" | "other";
  parentId?: string | null;
  code?: string | null;
  tier?: string | null;
  address?: string | null;
  description?: string | null;
  externalId?: string | null;
  /** true takes it out of use: lists leave it out, what refers to it keeps it; false takes it back */
  archived?: boolean;
};

export type UpdateAppointmentSetting = {
  /** Whether customers choose by themselves, by the link of their ticket */
  offered: boolean;
  windows: (AppointmentWindow)[];
  /** How many days ahead, today included */
  days: number;
  /** A window is offered until so long before it begins */
  leadMinutes: number;
};

export type UpdateAsset = {
  code?: string;
  name?: string;
  model?: string | null;
  serialNumber?: string | null;
  customerId?: string | null;
  accountId?: string | null;
  siteId?: string | null;
  parentId?: string | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  criticality?: "low" | "normal" | "high";
  warrantyUntil?: string | null;
  installedOn?: string | null;
  attributes?: Record<string, string | number | boolean>;
  externalId?: string | null;
  /** true takes it out of use: its code opens nothing any more, its history stays; false takes it back */
  archived?: boolean;
  /** Makes a new code: those printed so far open nothing any more */
  renewCode?: true;
};

export type UpdateAutomationRule = {
  name?: string;
  description?: string | null;
  /** true takes a published rule into use, also one that was switched off for its failures */
  enabled?: boolean;
  stopAfterMatch?: boolean;
  archived?: boolean;
  draft?: AutomationRuleDefinition | null;
};

export type UpdateBusinessCalendar = {
  name?: string;
  nameEn?: string | null;
  /** Makes it the one that counts where none is named */
  default?: true;
  archived?: boolean;
  draft?: CalendarDefinition | null;
};

export type UpdateCall = {
  note?: string;
  ticketId?: string | null;
  customerId?: string | null;
};

export type UpdateCannedReply = {
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind?: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name?: string;
  shortcut?: string | null;
  category?: string | null;
  /** Text with variables such as {{customer.name}} or {{customer.name|您}} */
  body?: string;
  /** false archives it; true takes it back into use */
  active?: boolean;
};

export type UpdateCategory = {
  name?: string;
  nameEn?: string | null;
  parentId?: string | null;
  teamId?: string | null;
  serviceMinutes?: number | null;
  skills?: (SkillNeed)[] | null;
  crew?: (CrewPlace)[] | null;
  /** Place among its siblings, from 0; the others make room */
  position?: number;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
};

export type UpdateChannel = {
  name?: string;
  mode?: string;
  /** A secret that is left out stays as it is */
  settings?: Record<string, string>;
  mapping?: (FieldMapping)[];
  active?: boolean;
  /** Takes the channel away for good: its address answers no more; what came by it stays */
  archived?: true;
};

export type UpdateChecklistItem = {
  text?: string;
  done?: boolean;
  assignee?: string | null;
  dueAt?: string | null;
};

export type UpdateChecklistTemplate = {
  name?: string;
  nameEn?: string | null;
  items?: (string)[];
  ticketTypeIds?: (string)[];
  requiredBeforeResolve?: boolean;
  active?: boolean;
};

export type UpdateConnector = {
  name?: string;
  type?: string | null;
  /** A secret that is left out stays as it is */
  settings?: Record<string, string>;
  mapping?: (FieldMapping)[];
  active?: boolean;
  /** Takes it away for good; what it filled in stays */
  archived?: true;
};

export type UpdateContactPoint = {
  /** A changed one is no longer verified; sessions of the customer that rest on a verified phone end */
  value?: string;
  label?: string | null;
  /** true makes it the first choice among those of its kind, in place of another */
  preferred?: boolean;
};

export type UpdateCustomer = {
  name?: string;
  tier?: string | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  accountId?: string | null;
  accountRole?: string | null;
  language?: "zh-CN" | "en" | null;
  tags?: (string)[];
  idNumber?: string | null;
  externalId?: string | null;
  /** What they said they want to hear of their tickets by itself */
  news?: "all" | "results" | "answers";
  /** true takes it out of use: lists leave it out, what refers to it keeps it; false takes it back */
  archived?: boolean;
};

export type UpdateCustomerNote = {
  body?: string;
  pinned?: boolean;
};

export type UpdateCustomerTier = {
  name?: string;
  nameEn?: string | null;
  important?: boolean;
  position?: number;
  active?: boolean;
};

/** With active: false, `moveTo` names the department that takes its people, teams and departments */
export type UpdateDepartment = {
  name?: string;
  nameEn?: string | null;
  parentId?: string | null;
  /** Place among its siblings, from 0; the others make room */
  position?: number;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
  /** UUIDv7 */
  moveTo?: string;
};

/** Null: the usual settings again */
export type UpdateDispatchModes = {
  settings: {
    /** How its tickets are given out */
    mode: "direct" | "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
    /** Types of tickets that are given out otherwise */
    types: ({
      /** UUIDv7 */
      typeId: string;
      mode: "direct" | "grab" | "in_turn" | "by_load" | "nearest" | "best_match";
    })[];
    /** grab: from narrow to wide; behind the last comes the whole team */
    rings: ({
      people: number | null;
      kilometres: number | null;
      minutes: number | null;
    })[];
    /** Who are the first of a ring */
    ringOrder: "best_match" | "nearest";
    widenMinutes: number;
    acceptMinutes: number;
    /** How many are asked one after another */
    mostCandidates: number;
    /** Who is told when nobody took it */
    escalateTo: "dispatchers" | "lead" | "both";
    /** What is told of the place before somebody has taken it */
    place: "area" | "address";
  } | null;
};

export type UpdateDispatchRules = {
  rules: {
    /** Of the working time of its people, kept for what is urgent */
    reservePercent: number;
    /** Nobody is sent from outside of the territories a ticket lies in; else it counts in the score */
    withinTerritory: boolean;
  };
};

/** Null: the usual weights again */
export type UpdateDispatchWeights = {
  weights: {
    travel: number;
    promptness: number;
    skill: number;
    load: number;
    territory?: number;
    familiarity: number;
    preference?: number;
    fairness: number;
  } | null;
};

export type UpdateFlow = {
  name?: string;
  nameEn?: string | null;
  description?: string | null;
  /** false archives it: no ticket starts it, what runs goes on */
  active?: boolean;
  /** Ticket types whose new tickets go through it; those left out go through it no longer */
  types?: (string)[];
};

export type UpdateFlowDraft = {
  definition: FlowDefinition;
};

export type UpdateFormDraft = {
  form: Form;
};

export type UpdateHotlineCodes = {
  codes: (HotlineCode)[];
  note?: string;
};

export type UpdateIntakeSetting = {
  understand?: boolean;
  askLlm?: boolean;
  orderMasks?: (string)[];
  rawDays?: number;
  messageDays?: number;
  callDays?: number;
  chatDays?: number;
};

export type UpdateLlmSetting = {
  enabled?: boolean;
  baseUrl?: string | null;
  model?: string | null;
  key?: string | null;
  timeoutSeconds?: number;
};

export type UpdateMacro = {
  /** personal: one’s own; team: its members’; shared: everybody’s */
  kind?: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name?: string;
  description?: string | null;
  steps?: (MacroStep)[];
  condition?: Filter | null;
  /** false archives it; true takes it back into use */
  active?: boolean;
};

export type UpdateMasks = {
  /** Those named are replaced */
  policy?: {
    phone?: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    email?: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    id_number?: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    identifier?: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
    sensitive?: {
      everybody: "hidden" | "masked" | "raw";
      /** By role id, where a role sees something else than everybody */
      roles: Record<string, "hidden" | "masked" | "raw">;
    };
  };
  revealsPerHour?: number;
};

export type UpdateMatchingSettings = {
  /** Within which the same person means the same matter */
  hours?: number;
  /** How many people within how long are proposed as one cause */
  crowd?: {
    people: number;
    hours: number;
  };
  storm?: {
    alarms: number;
    minutes: number;
  } | null;
};

export type UpdateNewsSettings = {
  events?: {
    received?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    accepted?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    scheduled?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    travelling?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    near?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    resolved?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    closed?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    cancelled?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
    survey?: {
      told: boolean;
      /** chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call */
      reach: "chat" | "sms" | "person";
      /** With {{variables}}; empty: the program’s own words */
      zh: string;
      /** With {{variables}}; empty: the program’s own words */
      en: string;
    };
  };
  quietHours?: {
    /** HH:MM by the organization’s clock */
    from: string;
    /** HH:MM by the organization’s clock */
    to: string;
  } | null;
  /** After which step customers are asked how it was; whether at all says events.survey */
  surveyAt?: "resolved" | "closed";
  /** For how long a number or a word in the conversation is taken as the rating */
  surveyHours?: number;
  /** How many text messages go out within 24 hours, answers included */
  textsADay?: {
    customer: number;
    organization: number;
  };
  /** Channels on which nothing is told by itself */
  offAccounts?: (string)[];
};

export type UpdateNoticeAccount = {
  mode?: string;
  /** A secret that is left out stays as it is, unless the address it goes to (host, baseUrl, url) changes: then it has to be given again */
  settings?: Record<string, string>;
  active?: boolean;
};

export type UpdateNoticePolicy = {
  escalateAfterMinutes?: number | null;
  /** Once the person’s own channels are used up: lead, the lead of the ticket’s team; manager, a manager of its department */
  ladder?: ("lead" | "manager")[];
};

export type UpdateNoticeSettings = {
  channels?: {
    mentioned?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    team_mentioned?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    assigned?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    delegated?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    replied?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    watching?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    returned?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    held_failed?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rule?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rule_suspended?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    side_conversation?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    checklist?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    urgent?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_warned?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_breached?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    sla_escalated?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    unanswered?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    offered?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    unclaimed?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    hurried?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
    rescheduled?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
  };
  /** In what order channels are taken for what is urgent: the first two at once, the others when nobody answers */
  urgent?: ("wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms")[];
  digest?: {
    every: "off" | "hour" | "day";
    /** day: when; HH:MM by the person’s clock */
    at: string;
  };
  timeZone?: string | null;
};

export type UpdateNoticeTemplate = {
  draft: {
    title: string;
    body: string;
  } | null;
};

export type UpdateOrganization = {
  name?: string;
  timeZone?: string;
  language?: "zh-CN" | "en";
  /** Those named are changed */
  settings?: {
    supportPhone?: string | null;
    acceptanceDays?: number;
    photoWatermark?: boolean;
    trackDays?: number;
    brandColour?: string | null;
  };
  logo?: string | null;
};

export type UpdatePhoneLine = {
  extension?: string | null;
  sipUser?: string | null;
  sipPassword?: string | null;
};

export type UpdatePreferences = {
  language?: "zh-CN" | "en" | null;
  theme?: "system" | "light" | "dark";
  density?: "comfortable" | "compact";
  /** 0: replies are sent at once */
  undoSeconds?: number;
  desktopNotifications?: boolean;
  quietHours?: {
    /** HH:MM by the organization’s clock */
    from: string;
    /** HH:MM by the organization’s clock */
    to: string;
  } | null;
  signature?: string;
  /** Keys by command, named like ticket.reply */
  shortcuts?: Record<string, string>;
  notify?: {
    mentioned?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    team_mentioned?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    assigned?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    delegated?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    replied?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    watching?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    returned?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    held_failed?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rule?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rule_suspended?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    side_conversation?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    checklist?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    urgent?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_warned?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_breached?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    sla_escalated?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    unanswered?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    offered?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    unclaimed?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    hurried?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
    rescheduled?: {
      inApp: boolean;
      desktop: boolean;
      sound: boolean;
    };
  };
};

export type UpdateRole = {
  name?: string;
  nameEn?: string | null;
  grants?: ({
    permission: "ticket.read" | "ticket.create" | "ticket.update" | "ticket.assign" | "ticket.resolve" | "ticket.close" | "ticket.cancel" | "ticket.reply" | "ticket.note" | "visit.work" | "customer.read" | "customer.write" | "personal_data.reveal" | "asset.read" | "asset.write" | "organization.read" | "organization.write" | "settings.write" | "import.run" | "insight.read" | "view.share" | "macro.share" | "automation.manage" | "audit.read" | "api_key.manage";
    scope: "own" | "team" | "department" | "organization";
    ticketTypeIds?: (string)[];
  })[];
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
};

export type UpdateShifts = {
  timeZone?: string | null;
  windows?: ({
    /** Monday is 1 */
    weekday: number;
    /** Minutes after midnight on the wall, included */
    startsMinute: number;
    /** Not included; 1440 is 24:00. A night shift is two windows on two days */
    endsMinute: number;
  })[] | null;
  /** All of them */
  exceptions?: ({
    /** YYYY-MM-DD */
    day: string;
    /** What is worked instead of the week; nothing when empty */
    windows: ({
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
    note: string | null;
  })[];
  onCall?: {
    windows: ({
      /** Monday is 1 */
      weekday: number;
      /** Minutes after midnight on the wall, included */
      startsMinute: number;
      /** Not included; 1440 is 24:00. A night shift is two windows on two days */
      endsMinute: number;
    })[];
    /** In the order of the days; on call instead of what the week says */
    exceptions: ({
      /** YYYY-MM-DD */
      day: string;
      /** What is worked instead of the week; nothing when empty */
      windows: ({
        /** Minutes after midnight on the wall, included */
        startsMinute: number;
        /** Not included; 1440 is 24:00. A night shift is two windows on two days */
        endsMinute: number;
      })[];
      note: string | null;
    })[];
  } | null;
};

export type UpdateSite = {
  name?: string;
  accessHours?: ({
    weekday: number;
    startsMinute: number;
    endsMinute: number;
  })[] | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  contactName?: string | null;
  contactPhone?: string | null;
  accessNotes?: string | null;
  /** true takes it out of use: lists leave it out, what refers to it keeps it; false takes it back */
  archived?: boolean;
  /** Makes a new code: those printed so far open nothing any more */
  renewCode?: true;
};

export type UpdateSkill = {
  name?: string;
  nameEn?: string | null;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
};

export type UpdateSlaPolicy = {
  name?: string;
  nameEn?: string | null;
  enabled?: boolean;
  /** Clocks that run by it go on as promised */
  archived?: boolean;
  draft?: SlaPolicyDefinition | null;
};

export type UpdateSpeechSetting = {
  enabled?: boolean;
  protocol?: "whisper" | "funasr";
  baseUrl?: string | null;
  model?: string | null;
  language?: string | null;
  key?: string | null;
  timeoutSeconds?: number;
};

export type UpdateStaff = {
  email?: string | null;
  phone?: string | null;
  name?: string;
  active?: boolean;
  departmentId?: string | null;
  job?: "agent" | "technician" | "dispatcher" | "manager" | "administrator";
  teamIds?: (string)[];
  roleIds?: (string)[];
  skills?: ({
    /** Id, or either name */
    skill: string;
    level: number;
  })[];
  /** A new password, for somebody who forgot theirs; ends their sessions, and has to be changed when they sign in next */
  password?: string;
  /** Turns two-factor sign-in off, for somebody who lost their device; ends their sessions */
  resetSecondFactor?: true;
};

export type UpdateTeam = {
  name?: string;
  nameEn?: string | null;
  /** UUIDv7 */
  departmentId?: string;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
  leadId?: string | null;
  addMemberIds?: (string)[];
  removeMemberIds?: (string)[];
};

export type UpdateTerritory = {
  name?: string;
  nameEn?: string | null;
  color?: "blue" | "green" | "orange" | "red" | "purple" | "cyan" | "pink" | "grey";
  /** The coordinates of a GeoJSON MultiPolygon: polygons of rings, of which the first is the outer one and the others are holes; 500 positions in all at most. A ring neither crosses nor touches itself */
  shape?: ((((number)[])[])[])[];
  /** Coordinate system of the shape; WGS-84 when absent */
  crs?: "WGS84" | "GCJ02" | "BD09";
  teamIds?: (string)[];
  staffIds?: (string)[];
  active?: boolean;
};

export type UpdateTicket = {
  /** Id or key of another ticket type: answers move over where its form takes them, those given as `fields` come on top; refused while a flow is under way on the ticket */
  type?: string;
  /** Who asked, in place of who stood there. A phone and an e-mail that are left out stay while the customer does */
  requester?: RequesterInput | null;
  subject?: string;
  description?: string;
  category?: string | (string)[] | null;
  priority?: "urgent" | "high" | "normal" | "low";
  /** Id of an own status of the class the ticket is in, or that class for none; other classes are reached by actions */
  status?: string;
  /** Those named are changed; null empties one */
  fields?: Record<string, unknown>;
  location?: Location | null;
  assetId?: string | null;
  tags?: (string)[];
};

export type UpdateTicketStatus = {
  name?: string;
  nameEn?: string | null;
  color?: "neutral" | "accent" | "success" | "warning" | "danger" | "violet" | "teal";
  waitingFor?: "customer" | "supplier" | "part" | "other";
  /** Place among its siblings, from 0; the others make room */
  position?: number;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
};

export type UpdateTicketTemplate = {
  name?: string;
  nameEn?: string | null;
  /** Place among its siblings, from 0; the others make room */
  position?: number;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
  subject?: string | null;
  description?: string | null;
  categoryId?: string | null;
  teamId?: string | null;
  priority?: "urgent" | "high" | "normal" | "low" | null;
  fields?: Record<string, unknown>;
  tags?: (string)[];
  /** Items the ticket’s checklist starts with */
  checklist?: (string)[];
  /** Checklist templates that are put onto the ticket */
  checklistIds?: (string)[];
};

export type UpdateTicketType = {
  name?: string;
  nameEn?: string | null;
  description?: string | null;
  /** Place among its siblings, from 0; the others make room */
  position?: number;
  /** false archives it: nothing new takes it, what has it keeps it; true takes it back into use */
  active?: boolean;
  offered?: boolean;
  /** Makes it the type of requests that name none */
  isDefault?: true;
};

export type UpdateTravelSetting = {
  provider?: "none" | "osrm" | "amap";
  baseUrl?: string | null;
  /** What OSRM was prepared for; driving as a rule */
  profile?: string;
  key?: string | null;
  /** How much longer roads are than the straight line */
  roadFactor?: number;
  kilometresPerHour?: number;
  dailyRequests?: number;
};

export type UpdateView = {
  kind?: "personal" | "team" | "shared";
  /** UUIDv7 */
  teamId?: string;
  name?: string;
  nameEn?: string | null;
  filter?: TicketFilter;
  icon?: string | null;
  columns?: (string)[];
  /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, or fields.<key> and -fields.<key> of an indexed field */
  sort?: string;
  grouping?: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel" | null;
  position?: number;
};

/** file is what it became, once it is whole */
export type Upload = {
  /** UUIDv7 */
  id: string;
  /** How many bytes have been kept */
  offset: number;
  /** How many there are to be */
  length: number;
  /** RFC 3339, UTC */
  expiresAt: string;
  file: File | null;
};

export type VerifyContactPoint = {
  /** How it was verified */
  note?: string;
};

export type View = {
  /** UUIDv7, or the key of a standard view */
  id: string;
  kind: "standard" | "shared" | "team" | "personal";
  name: string;
  nameEn: string | null;
  icon: string | null;
  filter: TicketFilter;
  columns: (string)[];
  /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, or fields.<key> and -fields.<key> of an indexed field */
  sort: string;
  grouping: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel" | null;
  /** Among those of its kind */
  position: number;
  /** The reader’s own star */
  favourite: boolean;
  favouritePosition: number | null;
  team: Reference | null;
  owner: Reference | null;
  /** Whether the reader may change or remove it */
  editable: boolean;
  /** Conditions that can no longer be applied */
  problems: (FilterProblem)[];
  version: number;
};

export type ViewCount = {
  view: string;
  count: number | null;
  /** There are at least so many: shown as “1,000+” */
  capped: boolean;
  at: string | null;
};

export type ViewCounts = {
  items: (ViewCount)[];
};

export type Visit = {
  /** UUIDv7 */
  id: string;
  status: "scheduled" | "accepted" | "travelling" | "on_site" | "completed" | "incomplete" | "declined" | "cancelled";
  technician: Reference;
  /** Who comes beside the technician; they see the visit, its steps are taken by the technician */
  members: (Reference)[];
  windowStart: string | null;
  windowEnd: string | null;
  plannedStart: string | null;
  plannedEnd: string | null;
  note: string | null;
  acceptedAt: string | null;
  travelStartedAt: string | null;
  checkedInAt: string | null;
  checkInDistance: number | null;
  checkInReason: string | null;
  completedAt: string | null;
  workSummary: string | null;
  signedBy: string | null;
  obstacle: {
    kind: "no_access" | "part_needed" | "return_visit";
    note: string | null;
    /** RFC 3339, UTC */
    at: string;
  } | null;
  /** What the next visit needs: parts, tools, people */
  needs: (string)[];
  /** What was used up: parts and materials, a line each */
  parts: (string)[];
  /** Fields that the office and the technician both changed; null as a value where it is closed to the caller */
  conflicts: (VisitConflict)[];
  /** Its technician left the organization while it was under way: somebody else has to be sent, or the ticket settled */
  needsTakeover: boolean;
  version: number;
  ticket: {
    /** UUIDv7 */
    id: string;
    number: string;
    /** The visit ended and its ticket is no longer for this technician to read: of the ticket only id, number and createdAt are told, the location is null, and no files are listed */
    withheld: boolean;
    /** Empty when withheld */
    subject: string;
    /** Empty when withheld */
    description: string;
    status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled" | null;
    priority: "urgent" | "high" | "normal" | "low" | null;
    category: (string)[] | null;
    requesterName: string | null;
    requesterPhone: string | null;
    asset: {
      /** UUIDv7 */
      id: string;
      code: string;
      name: string;
    } | null;
    /** RFC 3339, UTC */
    createdAt: string;
    dueAt: string | null;
  };
  location: Location | null;
  /** The checklist of the ticket; empty when withheld */
  checklist: (VisitChecklistItem)[];
  files: (File)[];
  form: VisitForm | null;
  actions: ("accept" | "decline" | "start_travel" | "check_in" | "check_items" | "log_work" | "complete" | "report_obstacle")[];
};

export type VisitChecklistItem = {
  /** UUIDv7 */
  id: string;
  text: string;
  /** The job cannot be completed while it is open */
  required: boolean;
  done: {
    /** RFC 3339, UTC */
    at: string;
    by: string | null;
  } | null;
};

export type VisitConflict = {
  field: string;
  label: {
    zh: string;
    en: string;
  };
  technician: {
    zh: string;
    en: string;
  } | null;
  office: {
    zh: string;
    en: string;
  } | null;
  kept: "technician" | "office";
  rule: "technician_later" | "office_later" | "office_kept_value" | "technician_kept_value" | "item_removed";
  by: string | null;
  /** The other answer is the technician’s own, from another device or the console */
  own: boolean;
  /** RFC 3339, UTC */
  at: string;
};

/** Null where the type has no fields, the visit is over, or it is somebody else’s */
export type VisitForm = {
  /** UUIDv7 */
  typeId: string;
  /** The version of the type’s form that the ticket answers to; it never changes */
  version: number;
  /** The answers as they stand, as the caller may see them */
  values: Record<string, unknown>;
  /** Names of what answers refer to by id */
  names: Record<string, string>;
  /** What the rules of the form may look at of the ticket */
  ticket: Record<string, unknown>;
};

/** time, both: begins at `from`, `until` is null; range: begins from `from` to `until`; person: neither */
export type VisitLock = {
  kind: "person" | "time" | "both" | "range";
  from: string | null;
  until: string | null;
};

export type VisitSummary = {
  /** UUIDv7 */
  id: string;
  status: "scheduled" | "accepted" | "travelling" | "on_site" | "completed" | "incomplete" | "declined" | "cancelled";
  technician: Reference;
  /** Who comes beside the technician; they see the visit, its steps are taken by the technician */
  members: (Reference)[];
  windowStart: string | null;
  windowEnd: string | null;
  plannedStart: string | null;
  plannedEnd: string | null;
  note: string | null;
  acceptedAt: string | null;
  travelStartedAt: string | null;
  checkedInAt: string | null;
  checkInDistance: number | null;
  checkInReason: string | null;
  completedAt: string | null;
  workSummary: string | null;
  signedBy: string | null;
  obstacle: {
    kind: "no_access" | "part_needed" | "return_visit";
    note: string | null;
    /** RFC 3339, UTC */
    at: string;
  } | null;
  /** What the next visit needs: parts, tools, people */
  needs: (string)[];
  /** What was used up: parts and materials, a line each */
  parts: (string)[];
  /** Fields that the office and the technician both changed; null as a value where it is closed to the caller */
  conflicts: (VisitConflict)[];
  /** Its technician left the organization while it was under way: somebody else has to be sent, or the ticket settled */
  needsTakeover: boolean;
  version: number;
};

export type VisitTrack = {
  items: ({
    lat: number;
    lng: number;
    accuracy: number;
    /** RFC 3339, UTC */
    at: string;
  })[];
};

export type Watcher = {
  staff: Reference;
  /** RFC 3339, UTC */
  since: string;
};

export type WithdrawOffer = {
  reason?: string;
};

/** Server-sent events. */
export interface Events { readonly events: true }

/** Every call of the API, by method and path below `/api/v1`: what it takes and what it answers. */
export interface Operations {
  /** Sign in. Needs no credentials. */
  'POST /session': {
    body: SignIn;
    answer: SessionStarted;
  };
  /** Show the current session. With credentials or without. */
  'GET /session': {
    answer: CurrentSession;
  };
  /** Sign out. For signed-in staff. */
  'DELETE /session': {
    answer: undefined;
  };
  /** List one’s own sessions. For staff by the session they signed in for; not for API keys. */
  'GET /sessions': {
    answer: {
      items: ({
        /** UUIDv7 */
        id: string;
        current: boolean;
        /** RFC 3339, UTC */
        createdAt: string;
        /** RFC 3339, UTC */
        lastSeenAt: string;
        /** RFC 3339, UTC */
        expiresAt: string;
        userAgent: string | null;
        address: string | null;
      })[];
      nextCursor: string | null;
    };
  };
  /** Revoke a session. For staff by the session they signed in for; not for API keys. */
  'DELETE /sessions/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Start setting up two-factor sign-in. For staff by the session they signed in for; not for API keys. */
  'POST /session/second-factor': {
    body: {
      /** Needed unless the session was started within the last five minutes */
      currentPassword?: string;
    };
    answer: {
      /** Base32 */
      secret: string;
      /** otpauth:// address */
      uri: string;
      /** The address as an SVG picture */
      qrCode: string;
    };
  };
  /** Turn two-factor sign-in on. For staff by the session they signed in for; not for API keys. */
  'POST /session/second-factor/confirm': {
    body: {
      code: string;
    };
    answer: undefined;
  };
  /** Turn two-factor sign-in off. For staff by the session they signed in for; not for API keys. */
  'POST /session/second-factor/disable': {
    body: {
      code: string;
    };
    answer: undefined;
  };
  /** Change one’s own password. For staff by the session they signed in for; not for API keys. */
  'POST /session/password': {
    body: {
      currentPassword: string;
      newPassword: string;
    };
    answer: undefined;
  };
  /** List API keys. Needs the permission `api_key.manage`. */
  'GET /api-keys': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (ApiKey)[];
      nextCursor: string | null;
    };
  };
  /** Create an API key. Needs the permission `api_key.manage`. */
  'POST /api-keys': {
    body: CreateApiKey;
    answer: ApiKeyCreated;
  };
  /** Revoke an API key. Needs the permission `api_key.manage`. */
  'DELETE /api-keys/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Show what maps are drawn on. For signed-in staff. */
  'GET /map': {
    answer: MapSettings;
  };
  /** Search tickets, customers, accounts, assets and staff at once. For signed-in staff. */
  'GET /search': {
    query: {
      /** Words, part of a name, a number, a code; as in the lists of each kind */
      q: string;
    };
    answer: SearchResult;
  };
  /** List tickets. Needs the permission `ticket.read`. */
  'GET /tickets': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** One or several statuses, separated by commas */
      status?: string;
      /** Staff id, `me` or `none` */
      assignee?: string;
      /** Team id, `mine` or `none` */
      team?: string;
      /** Id or key of a ticket type */
      type?: string;
      /** Category id; tickets below it are included */
      category?: string;
      /** One or several priorities, separated by commas */
      priority?: string;
      /** Tag */
      tag?: string;
      /** Channel */
      channel?: string;
      /** Customer id */
      customer?: string;
      /** Asset id */
      asset?: string;
      /** Number, or words of subject, description and customer */
      q?: string;
      /** Id of a view or key of a standard one; the other parameters narrow it */
      view?: string;
      /** A filter as JSON; narrows what the others leave */
      filter?: string;
      /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, relevance, or fields.<key> and -fields.<key> of an indexed field */
      sort?: string;
      /** That of the view when absent */
      grouping?: "status" | "priority" | "assignee" | "team" | "department" | "type" | "channel" | "none";
      /** Columns separated by commas; those of the view when absent. Only fields.<key> change the answer */
      columns?: string;
    };
    answer: TicketLinePage;
  };
  /** Create a ticket. Needs the permission `ticket.create`. */
  'POST /tickets': {
    body: CreateTicket;
    answer: Ticket;
  };
  /** Search tickets by a filter that nobody saved. Needs the permission `ticket.read`. */
  'POST /tickets/search': {
    body: SearchTickets;
    answer: TicketLinePage;
  };
  /** Count the groups of a list. Needs the permission `ticket.read`. */
  'POST /tickets/group-counts': {
    body: CountGroups;
    answer: GroupCounts;
  };
  /** Export tickets as CSV or XLSX. Needs the permission `ticket.read`. */
  'GET /tickets/export': {
    query: {
      /** One or several statuses, separated by commas */
      status?: string;
      /** Staff id, `me` or `none` */
      assignee?: string;
      /** Team id, `mine` or `none` */
      team?: string;
      /** Id or key of a ticket type */
      type?: string;
      /** Category id; tickets below it are included */
      category?: string;
      /** One or several priorities, separated by commas */
      priority?: string;
      /** Tag */
      tag?: string;
      /** Channel */
      channel?: string;
      /** Customer id */
      customer?: string;
      /** Asset id */
      asset?: string;
      /** Number, or words of subject, description and customer */
      q?: string;
      /** Id of a view or key of a standard one; the other parameters narrow it */
      view?: string;
      /** A filter as JSON; narrows what the others leave */
      filter?: string;
      format: "csv" | "xlsx";
      /** One of -createdAt, createdAt, -updatedAt, updatedAt, -resolvedAt, priority, dueAt, or fields.<key> and -fields.<key> of an indexed field */
      sort?: string;
      /** Columns separated by commas; those of the view when absent */
      columns?: string;
    };
    answer: Blob;
  };
  /** Do something to many tickets. Needs the permission `ticket.read`. */
  'POST /tickets/bulk': {
    body: RunBulk;
    answer: BulkRun;
  };
  /** List one’s own bulk runs. Needs the permission `ticket.read`. */
  'GET /bulk-runs': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (BulkRun)[];
      nextCursor: string | null;
    };
  };
  /** Show a bulk run. Needs the permission `ticket.read`. */
  'GET /bulk-runs/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: BulkRun;
  };
  /** List the results of a bulk run. Needs the permission `ticket.read`. */
  'GET /bulk-runs/{id}/results': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      outcome?: "pending" | "done" | "unchanged" | "refused" | "failed";
    };
    answer: {
      items: (BulkResult)[];
      nextCursor: string | null;
    };
  };
  /** Cancel a bulk run. Needs the permission `ticket.read`. */
  'POST /bulk-runs/{id}/cancel': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: BulkRun;
  };
  /** List views. Needs the permission `ticket.read`. */
  'GET /views': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      kind?: "standard" | "shared" | "team" | "personal";
      /** true: only the reader’s favourites, in their order */
      favourite?: boolean;
    };
    answer: {
      items: (View)[];
      nextCursor: string | null;
    };
  };
  /** Create a view. Needs the permission `ticket.read`. */
  'POST /views': {
    body: CreateView;
    answer: View;
  };
  /** Count the tickets of views. Needs the permission `ticket.read`. */
  'GET /views/counts': {
    query?: {
      /** Ids or keys separated by commas, at most 100; the standard views and the reader’s favourites when absent */
      views?: string;
    };
    answer: ViewCounts;
  };
  /** Show a view. Needs the permission `ticket.read`. */
  'GET /views/{id}': {
    params: {
      /** Id, or key of a standard view */
      id: string;
    };
    answer: View;
  };
  /** Change a view. Needs the permission `ticket.read`. */
  'PATCH /views/{id}': {
    params: {
      /** Id, or key of a standard view */
      id: string;
    };
    body: UpdateView;
    version: number | '*';
    answer: View;
  };
  /** Remove a view. Needs the permission `ticket.read`. */
  'DELETE /views/{id}': {
    params: {
      /** Id, or key of a standard view */
      id: string;
    };
    answer: undefined;
  };
  /** Mark a view as a favourite. Needs the permission `ticket.read`. */
  'POST /views/{id}/favourite': {
    params: {
      /** Id, or key of a standard view */
      id: string;
    };
    body: MarkFavourite;
    answer: View;
  };
  /** Show a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}': {
    params: {
      /** Id or number */
      id: string;
    };
    answer: Ticket;
  };
  /** Change a ticket. Needs the permission `ticket.update`. */
  'PATCH /tickets/{id}': {
    params: {
      id: string;
    };
    body: UpdateTicket;
    version: number | '*';
    answer: Ticket;
  };
  /** Show the timeline of a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/timeline': {
    params: {
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (TimelineEntry)[];
      nextCursor: string | null;
    };
  };
  /** Propose tickets to merge with. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/merge-candidates': {
    params: {
      id: string;
    };
    answer: MergeCandidates;
  };
  /** Say that another ticket is not the same matter. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/merge-candidates/{other}/dismiss': {
    params: {
      id: string;
      other: string;
    };
    answer: MergeCandidates;
  };
  /** Gather tickets of one cause below a parent. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/gather': {
    params: {
      id: string;
    };
    body: GatherTickets;
    answer: GatheredTickets;
  };
  /** Propose tickets that a new request may belong to. Needs the permission `ticket.read`. */
  'GET /like-tickets': {
    query?: {
      subject?: string;
      /** UUIDv7 */
      customer?: string;
      phone?: string;
      /** UUIDv7 */
      asset?: string;
      /** UUIDv7 */
      category?: string;
      address?: string;
    };
    answer: MergeCandidates;
  };
  /** Propose technicians for a ticket. Needs the permission `ticket.assign`. */
  'GET /tickets/{id}/proposals': {
    params: {
      id: string;
    };
    query?: {
      /** The window of the visit; without one: as soon as possible */
      windowStart?: string;
      windowEnd?: string;
      /** How long the work takes; what the category says when left away */
      minutes?: number;
      limit?: number;
    };
    answer: TechnicianProposals;
  };
  /** Show how a ticket is offered. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/offers': {
    params: {
      id: string;
    };
    answer: TicketOffers;
  };
  /** Offer a ticket to technicians. Needs the permission `ticket.assign`. */
  'POST /tickets/{id}/offers': {
    params: {
      id: string;
    };
    body: OpenOffer;
    answer: Offer;
  };
  /** Show the appointment of a ticket, and the windows that can be promised. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/appointment': {
    params: {
      id: string;
    };
    query?: {
      /** Also what may be chosen */
      windows?: boolean;
    };
    answer: Appointment;
  };
  /** Promise the customer a window for the visit. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/appointment': {
    params: {
      id: string;
    };
    body: ChooseAppointment;
    answer: Appointment;
  };
  /** Take back the window that the customer was promised. Needs the permission `ticket.update`. */
  'DELETE /tickets/{id}/appointment': {
    params: {
      id: string;
    };
    answer: undefined;
  };
  /** List what is offered to the caller. Needs the permission `visit.work`. */
  'GET /offers': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (PooledOffer)[];
      nextCursor: string | null;
    };
  };
  /** List offers of the tickets one gives out. Needs the permission `ticket.assign`. */
  'GET /dispatch/offers': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** lapsed when absent */
      state?: "open" | "lapsed";
    };
    answer: {
      items: (DispatchedOffer)[];
      nextCursor: string | null;
    };
  };
  /** Show the day of technicians. Needs the permission `ticket.assign`. */
  'GET /dispatch/day': {
    query?: {
      /** A day of the organization’s zone; today when absent */
      date?: string;
      /** UUIDv7 */
      teamId?: string;
    };
    answer: DispatchDay;
  };
  /** List open tickets without a visit. Needs the permission `ticket.assign`. */
  'GET /dispatch/unplanned': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Part of the number, the subject or the address */
      q?: string;
      /** UUIDv7 */
      teamId?: string;
      priority?: "urgent" | "high" | "normal" | "low";
    };
    answer: {
      items: (UnplannedTicket)[];
      nextCursor: string | null;
    };
  };
  /** Evaluate a draft of a day without saving it. Needs the permission `ticket.assign`. */
  'POST /dispatch/evaluations': {
    body: EvaluateDayDraft;
    answer: DraftEvaluation;
  };
  /** Save a draft of a day. Needs the permission `ticket.assign`. */
  'POST /dispatch/schedules': {
    body: SaveDayDraft;
    answer: SavedDraft;
  };
  /** List plans of days. Needs the permission `ticket.assign`. */
  'GET /dispatch/plans': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      date?: string;
    };
    answer: {
      items: (DayPlan)[];
      nextCursor: string | null;
    };
  };
  /** Plan a day in the background. Needs the permission `ticket.assign`. */
  'POST /dispatch/plans': {
    body: RequestDayPlan;
    answer: DayPlan;
  };
  /** Plan a day anew after an event. Needs the permission `ticket.assign`. */
  'POST /dispatch/replans': {
    body: RequestReplan;
    answer: DayPlan;
  };
  /** Show a plan of a day. Needs the permission `ticket.assign`. */
  'GET /dispatch/plans/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: DayPlan;
  };
  /** Apply a plan of a day. Needs the permission `ticket.assign`. */
  'POST /dispatch/plans/{id}/actions/apply': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: ApplyDayPlan;
    answer: DayPlan;
  };
  /** Give up a plan of a day. Needs the permission `ticket.assign`. */
  'POST /dispatch/plans/{id}/actions/withdraw': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: DayPlan;
  };
  /** Accept or grab an offer. Needs the permission `visit.work`. */
  'POST /offers/{id}/actions/accept': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: TakenOffer;
  };
  /** Decline an offer. Needs the permission `visit.work`. */
  'POST /offers/{id}/actions/decline': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: DeclineOffer;
    answer: undefined;
  };
  /** Withdraw an offer. Needs the permission `ticket.assign`. */
  'POST /offers/{id}/actions/withdraw': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: WithdrawOffer;
    answer: Offer;
  };
  /** Add a comment to a ticket. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/comments': {
    params: {
      id: string;
    };
    body: AddComment;
    answer: Comment;
  };
  /** List the actions open to the caller. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/actions': {
    params: {
      /** Id or number */
      id: string;
    };
    answer: {
      actions: ("accept" | "decline" | "assign" | "transfer" | "wait" | "resume" | "resolve" | "confirm" | "reopen" | "close" | "cancel")[];
    };
  };
  /** Take an action on a ticket. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/actions/{action}': {
    params: {
      id: string;
      action: "accept" | "decline" | "assign" | "transfer" | "wait" | "resume" | "resolve" | "confirm" | "reopen" | "close" | "cancel" | "set_status";
    };
    body: TakeAction;
    answer: Ticket;
  };
  /** Reveal the contact data of a ticket. Needs the permission `personal_data.reveal`. */
  'POST /tickets/{id}/reveal': {
    params: {
      id: string;
    };
    body: {
      reason?: string;
    };
    answer: {
      /** The answers of masked fields */
      fields: Record<string, unknown>;
      name: string | null;
      phone: string | null;
      email: string | null;
    };
  };
  /** Show the language model that flows may ask. Needs the permission `settings.write`. */
  'GET /llm-setting': {
    answer: LlmSetting;
  };
  /** Set up the language model that flows may ask. Needs the permission `settings.write`. */
  'PATCH /llm-setting': {
    body: UpdateLlmSetting;
    version: number | '*';
    answer: LlmSetting;
  };
  /** List flows. For signed-in staff. */
  'GET /flows': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (FlowSummary)[];
      nextCursor: string | null;
    };
  };
  /** Create a flow. Needs the permission `settings.write`. */
  'POST /flows': {
    body: CreateFlow;
    answer: Flow;
  };
  /** Make a flow of a BPMN 2.0 file. Needs the permission `settings.write`. */
  'POST /flows/import-bpmn': {
    body: ImportBpmn;
    answer: FlowImport;
  };
  /** Show a flow and its published definition. For signed-in staff. */
  'GET /flows/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Flow;
  };
  /** Change a flow, or which ticket types go through it. Needs the permission `settings.write`. */
  'PATCH /flows/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateFlow;
    version: number | '*';
    answer: Flow;
  };
  /** Show the draft of a flow, with its findings. Needs the permission `settings.write`. */
  'GET /flows/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: FlowDraft;
  };
  /** Save the draft of a flow. Needs the permission `settings.write`. */
  'PATCH /flows/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateFlowDraft;
    version: number | '*';
    answer: FlowDraft;
  };
  /** Throw the draft of a flow away. Needs the permission `settings.write`. */
  'DELETE /flows/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Check a flow without saving it. Needs the permission `settings.write`. */
  'POST /flows/{id}/draft/check': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: CheckFlow;
    answer: FlowCheck;
  };
  /** Publish the draft of a flow. Needs the permission `settings.write`. */
  'POST /flows/{id}/publish': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PublishFlow;
    version: number | '*';
    answer: Flow;
  };
  /** A flow as BPMN 2.0 XML. Needs the permission `settings.write`. */
  'GET /flows/{id}/bpmn': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** A version’s number, or `draft`; what is being worked on when absent */
      version?: string;
    };
    answer: FlowBpmn;
  };
  /** List the versions of a flow. For signed-in staff. */
  'GET /flows/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (FlowVersionSummary)[];
      nextCursor: string | null;
    };
  };
  /** Show one version of a flow. For signed-in staff. */
  'GET /flows/{id}/versions/{number}': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    answer: FlowVersion;
  };
  /** Roll a flow back to an earlier version. Needs the permission `settings.write`. */
  'POST /flows/{id}/versions/{number}/restore': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    body: PublishFlow;
    answer: Flow;
  };
  /** Try a flow with a sample ticket and a simulated clock. Needs the permission `settings.write`. */
  'POST /flows/{id}/test': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: TestFlow;
    answer: FlowTestResult;
  };
  /** Show where running tickets would land in the published version of a flow. Needs the permission `settings.write`. */
  'POST /flows/{id}/migration/preview': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: MigrateFlow;
    answer: FlowMigration;
  };
  /** Move running tickets to the published version of a flow. Needs the permission `settings.write`. */
  'POST /flows/{id}/migration': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: MigrateFlow;
    answer: FlowMigration;
  };
  /** Show how a ticket’s flow stands. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/flow': {
    params: {
      id: string;
    };
    answer: TicketFlow;
  };
  /** Start a flow on a ticket. Needs the permission `ticket.assign`. */
  'POST /tickets/{id}/flow': {
    params: {
      id: string;
    };
    body: StartFlow;
    answer: FlowInstance;
  };
  /** List tasks. For signed-in staff. */
  'GET /tasks': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** mine: mine to act on (when absent); team: waiting for one of my teams; all: of all tickets the caller may read */
      scope?: "mine" | "team" | "all";
      /** open when absent */
      state?: "open" | "completed" | "cancelled";
      /** UUIDv7 */
      ticket?: string;
      kind?: "task" | "onsite_task" | "approval";
    };
    answer: {
      items: (Task)[];
      nextCursor: string | null;
    };
  };
  /** Count the open tasks that wait for the caller. For signed-in staff. */
  'GET /tasks/counts': {
    answer: TaskCounts;
  };
  /** Show a task. For signed-in staff. */
  'GET /tasks/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Task;
  };
  /** Take an action on a task. For signed-in staff. */
  'POST /tasks/{id}/actions/{action}': {
    params: {
      /** UUIDv7 */
      id: string;
      action: "claim" | "release" | "complete" | "approve" | "reject" | "add_signer" | "hand_over" | "return" | "withdraw";
    };
    body: TakeTaskAction;
    answer: Task;
  };
  /** List runs of flows, such as those held by a problem. Needs the permission `ticket.read`. */
  'GET /flow-instances': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** UUIDv7 */
      flow?: string;
      /** UUIDv7 */
      ticket?: string;
      /** true: only those held by a problem */
      held?: boolean;
      /** running when absent */
      status?: "running" | "completed" | "terminated" | "cancelled";
    };
    answer: {
      items: (FlowInstance)[];
      nextCursor: string | null;
    };
  };
  /** Show a run of a flow. Needs the permission `ticket.read`. */
  'GET /flow-instances/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: FlowInstance;
  };
  /** Try again what is held in a run of a flow. Needs the permission `ticket.assign`. */
  'POST /flow-instances/{id}/retry': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: RetryFlow;
    answer: FlowInstance;
  };
  /** Cancel a run of a flow. Needs the permission `ticket.assign`. */
  'POST /flow-instances/{id}/cancel': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: CancelFlow;
    answer: FlowInstance;
  };
  /** Merge a ticket into another, or others into it. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/merge': {
    params: {
      id: string;
    };
    body: MergeTickets;
    answer: MergeResult;
  };
  /** Undo the merge of a ticket. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/unmerge': {
    params: {
      id: string;
    };
    body: UnmergeTicket;
    answer: Ticket;
  };
  /** List the links of a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/links': {
    params: {
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      kind?: "related" | "duplicate_of" | "duplicated_by" | "parent" | "child" | "blocks" | "blocked_by";
    };
    answer: {
      items: (TicketLink)[];
      nextCursor: string | null;
    };
  };
  /** Link a ticket with another. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/links': {
    params: {
      id: string;
    };
    body: AddLink;
    answer: TicketLink;
  };
  /** Remove a link of a ticket. Needs the permission `ticket.update`. */
  'DELETE /tickets/{id}/links/{kind}/{other}': {
    params: {
      id: string;
      kind: "related" | "duplicate_of" | "duplicated_by" | "parent" | "child" | "blocks" | "blocked_by";
      /** Id or number */
      other: string;
    };
    answer: undefined;
  };
  /** Split messages of a ticket off into a new one. Needs the permission `ticket.create`. */
  'POST /tickets/{id}/split': {
    params: {
      id: string;
    };
    body: SplitTicket;
    answer: Ticket;
  };
  /** Show the checklist of a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/checklist': {
    params: {
      id: string;
    };
    answer: Checklist;
  };
  /** Add items to the checklist of a ticket. Needs the permission `ticket.resolve`. */
  'POST /tickets/{id}/checklist': {
    params: {
      id: string;
    };
    body: AddChecklistItems;
    answer: Checklist;
  };
  /** Reorder the checklist of a ticket. Needs the permission `ticket.resolve`. */
  'POST /tickets/{id}/checklist/order': {
    params: {
      id: string;
    };
    body: OrderChecklist;
    answer: Checklist;
  };
  /** Change an item of a checklist. Needs the permission `ticket.resolve`. */
  'PATCH /tickets/{id}/checklist/{item}': {
    params: {
      id: string;
      /** UUIDv7 */
      item: string;
    };
    body: UpdateChecklistItem;
    version: number | '*';
    answer: ChecklistItem;
  };
  /** Remove an item of a checklist. Needs the permission `ticket.resolve`. */
  'DELETE /tickets/{id}/checklist/{item}': {
    params: {
      id: string;
      /** UUIDv7 */
      item: string;
    };
    answer: undefined;
  };
  /** List the side conversations of a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/side-conversations': {
    params: {
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      state?: "open" | "closed";
    };
    answer: {
      items: (SideConversation)[];
      nextCursor: string | null;
    };
  };
  /** Start a side conversation of a ticket. Needs the permission `ticket.note`. */
  'POST /tickets/{id}/side-conversations': {
    params: {
      id: string;
    };
    body: OpenSideConversation;
    answer: SideConversation;
  };
  /** List the side conversations that the caller’s teams and department take part in, or that the caller started. Needs the permission `ticket.read`. */
  'GET /side-conversations': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      state?: "open" | "closed";
      /** asked: those with the caller’s teams and department (when absent); opened: those the caller started; all: both */
      box?: "asked" | "opened" | "all";
      /** true: only open ones in which it is the caller’s side that has to answer */
      awaiting?: boolean;
    };
    answer: {
      items: (SideConversation)[];
      nextCursor: string | null;
    };
  };
  /** Show a side conversation. Needs the permission `ticket.read`. */
  'GET /side-conversations/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SideConversation;
  };
  /** List the messages of a side conversation. Needs the permission `ticket.read`. */
  'GET /side-conversations/{id}/messages': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (SideMessage)[];
      nextCursor: string | null;
    };
  };
  /** Write in a side conversation. Needs the permission `ticket.note`. */
  'POST /side-conversations/{id}/messages': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: ReplyInSideConversation;
    answer: SideMessage;
  };
  /** Close a side conversation. Needs the permission `ticket.note`. */
  'POST /side-conversations/{id}/close': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SideConversation;
  };
  /** Open a closed side conversation again. Needs the permission `ticket.note`. */
  'POST /side-conversations/{id}/reopen': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SideConversation;
  };
  /** Verify the history of a ticket. Needs the permission `audit.read`. */
  'GET /tickets/{id}/history/verification': {
    params: {
      id: string;
    };
    answer: HistoryVerification;
  };
  /** List checklist templates. Needs the permission `ticket.read`. */
  'GET /checklist-templates': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      active?: "true" | "false";
    };
    answer: {
      items: (ChecklistTemplate)[];
      nextCursor: string | null;
    };
  };
  /** Create a checklist template. Needs the permission `settings.write`. */
  'POST /checklist-templates': {
    body: CreateChecklistTemplate;
    answer: ChecklistTemplate;
  };
  /** Show a checklist template. Needs the permission `ticket.read`. */
  'GET /checklist-templates/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: ChecklistTemplate;
  };
  /** Change a checklist template. Needs the permission `settings.write`. */
  'PATCH /checklist-templates/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateChecklistTemplate;
    version: number | '*';
    answer: ChecklistTemplate;
  };
  /** List the watchers of a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/watchers': {
    params: {
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (Watcher)[];
      nextCursor: string | null;
    };
  };
  /** Watch a ticket, or let a colleague watch it. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/watchers/{staffId}': {
    params: {
      id: string;
      /** Staff id or `me` */
      staffId: string;
    };
    answer: Watcher;
  };
  /** Watch a ticket no longer. For signed-in staff. */
  'DELETE /tickets/{id}/watchers/{staffId}': {
    params: {
      id: string;
      /** Staff id or `me` */
      staffId: string;
    };
    answer: undefined;
  };
  /** List who takes part in a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/helpers': {
    params: {
      id: string;
    };
    answer: Helpers;
  };
  /** Ask a colleague to help with a ticket. Needs the permission `ticket.resolve`. */
  'POST /tickets/{id}/helpers': {
    params: {
      id: string;
    };
    body: DelegateTicket;
    answer: Ticket;
  };
  /** End a colleague’s help with a ticket. Needs the permission `ticket.read`. */
  'DELETE /tickets/{id}/helpers/{staffId}': {
    params: {
      id: string;
      /** UUIDv7 */
      staffId: string;
    };
    answer: undefined;
  };
  /** Say that one is on a ticket, and see who else is. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/presence': {
    params: {
      id: string;
    };
    body: BeatPresence;
    answer: Presence;
  };
  /** Show by which way an answer would reach the customer now. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/reply-route': {
    params: {
      id: string;
    };
    answer: ReplyRoute;
  };
  /** Show the visitor of a website whose chat is on this ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/visitor': {
    params: {
      id: string;
    };
    answer: TicketVisitor;
  };
  /** Send an answer again that did not get through, or say that it arrived. Needs the permission `ticket.reply`. */
  'POST /tickets/{id}/deliveries/{deliveryId}/actions/{action}': {
    params: {
      id: string;
      /** UUIDv7 */
      deliveryId: string;
      action: "send_again" | "mark_arrived";
    };
    answer: ReplyDelivery;
  };
  /** List one’s own held comments on a ticket. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/held-replies': {
    params: {
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (HeldReply)[];
      nextCursor: string | null;
    };
  };
  /** Send a comment after some seconds in which it can be taken back. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/held-replies': {
    params: {
      id: string;
    };
    body: HoldReply;
    answer: HeldReply;
  };
  /** Take a held comment back. For signed-in staff. */
  'DELETE /tickets/{id}/held-replies/{heldId}': {
    params: {
      id: string;
      /** UUIDv7 */
      heldId: string;
    };
    answer: HeldReply;
  };
  /** List one’s own held comments. For signed-in staff. */
  'GET /held-replies': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (HeldReply)[];
      nextCursor: string | null;
    };
  };
  /** Apply a macro to a ticket. Needs the permission `ticket.read`. */
  'POST /tickets/{id}/macros/{macroId}': {
    params: {
      id: string;
      /** UUIDv7 */
      macroId: string;
    };
    body: ApplyMacro;
    answer: MacroApplied;
  };
  /** List automation rules. Needs the permission `automation.manage`. */
  'GET /automation-rules': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** true: those that are archived instead */
      archived?: boolean;
    };
    answer: {
      items: (AutomationRule)[];
      nextCursor: string | null;
    };
  };
  /** Create an automation rule. Needs the permission `automation.manage`. */
  'POST /automation-rules': {
    body: CreateAutomationRule;
    answer: AutomationRule;
  };
  /** Put the automation rules in order. Needs the permission `automation.manage`. */
  'POST /automation-rules/order': {
    body: OrderAutomationRules;
    answer: {
      items: (AutomationRule)[];
    };
  };
  /** List the tickets an automation rule would act on now. Needs the permission `automation.manage`. */
  'POST /automation-rules/preview': {
    body: PreviewAutomationRule;
    answer: AutomationRulePreview;
  };
  /** Show an automation rule. Needs the permission `automation.manage`. */
  'GET /automation-rules/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: AutomationRule;
  };
  /** Change, switch or archive an automation rule. Needs the permission `automation.manage`. */
  'PATCH /automation-rules/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateAutomationRule;
    version: number | '*';
    answer: AutomationRule;
  };
  /** Publish the draft of an automation rule. Needs the permission `automation.manage`. */
  'POST /automation-rules/{id}/publish': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PublishAutomationRule;
    version: number | '*';
    answer: AutomationRule;
  };
  /** Try an automation rule on a ticket, without keeping anything. Needs the permission `automation.manage`. */
  'POST /automation-rules/{id}/try': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: TryAutomationRule;
    answer: AutomationRuleTrial;
  };
  /** List the versions of an automation rule. Needs the permission `automation.manage`. */
  'GET /automation-rules/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (AutomationRuleVersion)[];
      nextCursor: string | null;
    };
  };
  /** Roll an automation rule back to an earlier version. Needs the permission `automation.manage`. */
  'POST /automation-rules/{id}/versions/{number}/restore': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    body: PublishAutomationRule;
    answer: AutomationRule;
  };
  /** List the calls of an automation rule. Needs the permission `automation.manage`. */
  'GET /automation-rules/{id}/calls': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (AutomationCall)[];
      nextCursor: string | null;
    };
  };
  /** Show the secret by which calls of automation rules are signed. Needs the permission `automation.manage`. */
  'GET /automation-signing': {
    answer: AutomationSigning;
  };
  /** Change the secret by which calls of automation rules are signed. Needs the permission `automation.manage`. */
  'POST /automation-signing': {
    body: ChangeAutomationSigning;
    version: number | '*';
    answer: AutomationSigning;
  };
  /** List what became of automation rules, for those who keep them or read the audit trail. For signed-in staff. */
  'GET /automation-runs': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** UUIDv7 */
      rule?: string;
      /** Id or number */
      ticket?: string;
      outcome?: "matched" | "missed" | "skipped" | "parked" | "retried";
    };
    answer: {
      items: (AutomationRun)[];
      nextCursor: string | null;
    };
  };
  /** Try a failed run of an automation rule again. Needs the permission `automation.manage`. */
  'POST /automation-runs/{id}/retry': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: AutomationRun;
  };
  /** List macros. Needs the permission `ticket.read`. */
  'GET /macros': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Part of the name */
      q?: string;
      /** personal: one’s own; team: its members’; shared: everybody’s */
      kind?: "personal" | "team" | "shared";
      /** Id or number: only those whose condition holds for it */
      ticket?: string;
      /** true: those that are archived instead */
      archived?: boolean;
    };
    answer: {
      items: (Macro)[];
      nextCursor: string | null;
    };
  };
  /** Create a macro. For signed-in staff. */
  'POST /macros': {
    body: CreateMacro;
    answer: Macro;
  };
  /** Show a macro. For signed-in staff. */
  'GET /macros/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Macro;
  };
  /** Change or archive a macro. For signed-in staff. */
  'PATCH /macros/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateMacro;
    version: number | '*';
    answer: Macro;
  };
  /** List the versions of a macro. For signed-in staff. */
  'GET /macros/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (MacroVersion)[];
      nextCursor: string | null;
    };
  };
  /** List canned replies. For signed-in staff. */
  'GET /canned-replies': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Part of name, shortcut or body */
      q?: string;
      /** personal: one’s own; team: its members’; shared: everybody’s */
      kind?: "personal" | "team" | "shared";
      category?: string;
      /** true: those that are archived instead */
      archived?: boolean;
    };
    answer: {
      items: (CannedReply)[];
      nextCursor: string | null;
    };
  };
  /** Create a canned reply. For signed-in staff. */
  'POST /canned-replies': {
    body: CreateCannedReply;
    answer: CannedReply;
  };
  /** Show a canned reply. For signed-in staff. */
  'GET /canned-replies/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: CannedReply;
  };
  /** Change or archive a canned reply. For signed-in staff. */
  'PATCH /canned-replies/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateCannedReply;
    version: number | '*';
    answer: CannedReply;
  };
  /** Fill in a canned reply for a ticket. Needs the permission `ticket.read`. */
  'POST /canned-replies/{id}/render': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: RenderCannedReply;
    answer: RenderedText;
  };
  /** List one’s own drafts. For signed-in staff. */
  'GET /drafts': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Where it is written: ticket:<id>:reply, ticket:<id>:note, new-ticket, … */
      place?: string;
    };
    answer: {
      items: (Draft)[];
      nextCursor: string | null;
    };
  };
  /** Save a draft. For signed-in staff. */
  'POST /drafts': {
    body: SaveDraft;
    answer: Draft;
  };
  /** Delete a draft. For signed-in staff. */
  'DELETE /drafts': {
    query: {
      /** Where it is written: ticket:<id>:reply, ticket:<id>:note, new-ticket, … */
      place: string;
    };
    answer: undefined;
  };
  /** List one’s own notifications. For signed-in staff. */
  'GET /notifications': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** true: only those not read yet */
      unread?: boolean;
    };
    answer: {
      items: (Notification)[];
      nextCursor: string | null;
    };
  };
  /** Count one’s own unread notifications. For signed-in staff. */
  'GET /notifications/count': {
    answer: NotificationCount;
  };
  /** Mark all notifications up to one as read. For signed-in staff. */
  'POST /notifications/read': {
    body: MarkNotificationsRead;
    answer: undefined;
  };
  /** Mark a notification as read. For signed-in staff. */
  'POST /notifications/{id}/read': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** List how one was told of something, and who was told in one’s place. For signed-in staff. */
  'GET /notifications/{id}/deliveries': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: NoticeDeliveryList;
  };
  /** Acknowledge a notification: nobody is told in one’s place. For signed-in staff. */
  'POST /notifications/{id}/acknowledge': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Show how one is told outside of the program. For signed-in staff. */
  'GET /notice-settings': {
    answer: NoticeSettings;
  };
  /** Change how one is told outside of the program. For signed-in staff. */
  'PATCH /notice-settings': {
    body: UpdateNoticeSettings;
    version: number | '*';
    answer: NoticeSettings;
  };
  /** Set where one is told on a channel, and have a code sent there. For staff by the session they signed in for; not for API keys. */
  'POST /notice-addresses': {
    body: SetNoticeAddress;
    answer: NoticeDelivery;
  };
  /** Confirm where one is told on a channel, by the code that was sent there. For staff by the session they signed in for; not for API keys. */
  'POST /notice-addresses/{channel}/confirm': {
    params: {
      channel: "email" | "sms" | "wecom" | "dingtalk" | "feishu";
    };
    body: ConfirmNoticeAddress;
    answer: undefined;
  };
  /** Forget where one is told on a channel; what stands in one’s record counts again. For staff by the session they signed in for; not for API keys. */
  'DELETE /notice-addresses/{channel}': {
    params: {
      channel: "email" | "sms" | "wecom" | "dingtalk" | "feishu";
    };
    answer: undefined;
  };
  /** Let a browser take pushes for oneself. For staff by the session they signed in for; not for API keys. */
  'POST /notice-devices': {
    body: AddNoticeDevice;
    answer: NoticeDevice;
  };
  /** Let a browser take no more pushes. For staff by the session they signed in for; not for API keys. */
  'DELETE /notice-devices/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** List the channels by which staff are told, and their health. Needs the permission `settings.write`. */
  'GET /notice-accounts': {
    answer: NoticeAccountList;
  };
  /** Show a channel by which staff are told. Needs the permission `settings.write`. */
  'GET /notice-accounts/{channel}': {
    params: {
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
    };
    answer: NoticeAccount;
  };
  /** Set up a channel by which staff are told. Needs the permission `settings.write`. */
  'PATCH /notice-accounts/{channel}': {
    params: {
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
    };
    body: UpdateNoticeAccount;
    version: number | '*';
    answer: NoticeAccount;
  };
  /** Send a test message on a channel. Needs the permission `settings.write`. */
  'POST /notice-accounts/{channel}/test': {
    params: {
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
    };
    body: TestNotice;
    answer: NoticeDelivery;
  };
  /** List what became of notices on their channels. Needs the permission `settings.write`. */
  'GET /notice-deliveries': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      state?: "waiting" | "sending" | "sent" | "delivered" | "failed" | "suppressed";
      channel?: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
      /** UUIDv7 */
      staff?: string;
      urgency?: "urgent" | "normal" | "low";
    };
    answer: {
      items: (NoticeDelivery)[];
      nextCursor: string | null;
    };
  };
  /** Show what became of a message; one’s own, or anybody’s with settings.write. For signed-in staff. */
  'GET /notice-deliveries/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: NoticeDelivery;
  };
  /** Send a message that failed once more. Needs the permission `settings.write`. */
  'POST /notice-deliveries/{id}/retry': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: NoticeDelivery;
  };
  /** Show what happens when nobody answers an urgent notice. Needs the permission `settings.write`. */
  'GET /notice-policy': {
    answer: NoticePolicy;
  };
  /** Change what happens when nobody answers an urgent notice. Needs the permission `settings.write`. */
  'PATCH /notice-policy': {
    body: UpdateNoticePolicy;
    version: number | '*';
    answer: NoticePolicy;
  };
  /** Show when tickets are proposed as one. Needs the permission `settings.write`. */
  'GET /matching-settings': {
    answer: MatchingSettings;
  };
  /** Change when tickets are proposed as one. Needs the permission `settings.write`. */
  'PATCH /matching-settings': {
    body: UpdateMatchingSettings;
    version: number | '*';
    answer: MatchingSettings;
  };
  /** Show what customers are told of their tickets by themselves. Needs the permission `settings.write`. */
  'GET /news-settings': {
    answer: NewsSettings;
  };
  /** Change what customers are told of their tickets by themselves. Needs the permission `settings.write`. */
  'PATCH /news-settings': {
    body: UpdateNewsSettings;
    version: number | '*';
    answer: NewsSettings;
  };
  /** List the templates of notices that were changed. Needs the permission `settings.write`. */
  'GET /notice-templates': {
    answer: NoticeTemplateSummaries;
  };
  /** Show a template of notices. Needs the permission `settings.write`. */
  'GET /notice-templates/{kind}/{channel}/{language}': {
    params: {
      kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
      language: "zh-CN" | "en";
    };
    answer: NoticeTemplate;
  };
  /** Change the draft of a template of notices. Needs the permission `settings.write`. */
  'PATCH /notice-templates/{kind}/{channel}/{language}': {
    params: {
      kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
      language: "zh-CN" | "en";
    };
    body: UpdateNoticeTemplate;
    version: number | '*';
    answer: NoticeTemplate;
  };
  /** Publish the draft of a template of notices, or go back to the standard words when there is none. Needs the permission `settings.write`. */
  'POST /notice-templates/{kind}/{channel}/{language}/publish': {
    params: {
      kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
      language: "zh-CN" | "en";
    };
    answer: NoticeTemplate;
  };
  /** Show a template of notices with a sample. Needs the permission `settings.write`. */
  'POST /notice-templates/{kind}/{channel}/{language}/preview': {
    params: {
      kind: "mentioned" | "team_mentioned" | "assigned" | "delegated" | "replied" | "watching" | "returned" | "held_failed" | "rule" | "rule_suspended" | "side_conversation" | "checklist" | "urgent" | "sla_warned" | "sla_breached" | "sla_escalated" | "unanswered" | "offered" | "unclaimed" | "hurried" | "rescheduled" | "several";
      channel: "wecom" | "dingtalk" | "feishu" | "web_push" | "email" | "sms";
      language: "zh-CN" | "en";
    };
    body: PreviewNoticeTemplate;
    answer: NoticePreview;
  };
  /** Show one’s own preferences. For signed-in staff. */
  'GET /preferences': {
    answer: Preferences;
  };
  /** Change one’s own preferences. For signed-in staff. */
  'PATCH /preferences': {
    body: UpdatePreferences;
    answer: Preferences;
  };
  /** List absences. For signed-in staff. */
  'GET /absences': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Staff id or `me` */
      staff?: string;
      /** Staff id or `me` */
      cover?: string;
      /** current: now; coming: now or later. All when absent */
      state?: "current" | "coming";
    };
    answer: {
      items: (Absence)[];
      nextCursor: string | null;
    };
  };
  /** Plan an absence. For signed-in staff. */
  'POST /absences': {
    body: PlanAbsence;
    answer: Absence;
  };
  /** Show an absence. For signed-in staff. */
  'GET /absences/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Absence;
  };
  /** Change an absence. For signed-in staff. */
  'PATCH /absences/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: ChangeAbsence;
    version: number | '*';
    answer: Absence;
  };
  /** Cancel an absence, or end it now. For signed-in staff. */
  'DELETE /absences/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Show a ticket’s clocks and why they are due when they are. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/sla': {
    params: {
      /** Id or number */
      id: string;
    };
    answer: TicketClocks;
  };
  /** Say why a promise was broken. Needs the permission `ticket.resolve`. */
  'POST /tickets/{id}/sla/reasons': {
    params: {
      /** Id or number */
      id: string;
    };
    body: ExplainBreach;
    answer: TicketClocks;
  };
  /** List broken promises. Needs the permission `ticket.read`. */
  'GET /sla-breaches': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Team id or `mine` */
      team?: string;
      explained?: boolean;
      metric?: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution";
      reason?: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other";
      /** RFC 3339, UTC */
      from?: string;
      /** RFC 3339, UTC */
      to?: string;
    };
    answer: {
      items: (SlaBreach)[];
      nextCursor: string | null;
    };
  };
  /** Count broken promises by team and by reason. Needs the permission `ticket.read`. */
  'GET /sla-breaches/summary': {
    query?: {
      /** Team id or `mine` */
      team?: string;
      explained?: boolean;
      metric?: "acceptance" | "first_response" | "next_response" | "arrival" | "step" | "resolution";
      reason?: "customer" | "parts" | "supplier" | "workload" | "skills" | "misrouted" | "travel" | "system" | "other";
      /** RFC 3339, UTC */
      from?: string;
      /** RFC 3339, UTC */
      to?: string;
    };
    answer: SlaBreachSummary;
  };
  /** List SLA policies. Needs the permission `settings.write`. */
  'GET /sla-policies': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** true: those that are archived instead */
      archived?: boolean;
    };
    answer: {
      items: (SlaPolicy)[];
      nextCursor: string | null;
    };
  };
  /** Create an SLA policy. Needs the permission `settings.write`. */
  'POST /sla-policies': {
    body: CreateSlaPolicy;
    answer: SlaPolicy;
  };
  /** Put the SLA policies in order. Needs the permission `settings.write`. */
  'POST /sla-policies/order': {
    body: OrderSlaPolicies;
    answer: {
      items: (SlaPolicy)[];
    };
  };
  /** Show an SLA policy. Needs the permission `settings.write`. */
  'GET /sla-policies/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SlaPolicy;
  };
  /** Change, switch or archive an SLA policy. Needs the permission `settings.write`. */
  'PATCH /sla-policies/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateSlaPolicy;
    version: number | '*';
    answer: SlaPolicy;
  };
  /** Publish the draft of an SLA policy. Needs the permission `settings.write`. */
  'POST /sla-policies/{id}/publish': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PublishSlaPolicy;
    version: number | '*';
    answer: SlaPolicy;
  };
  /** List the versions of an SLA policy. Needs the permission `settings.write`. */
  'GET /sla-policies/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (SlaPolicyVersion)[];
      nextCursor: string | null;
    };
  };
  /** Roll an SLA policy back to an earlier version. Needs the permission `settings.write`. */
  'POST /sla-policies/{id}/versions/{number}/restore': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    body: PublishSlaPolicy;
    answer: SlaPolicy;
  };
  /** List SLA simulations. Needs the permission `settings.write`. */
  'GET /sla-simulations': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (SlaSimulation)[];
      nextCursor: string | null;
    };
  };
  /** Simulate SLA policies, automation rules or a flow on the tickets of a period. Needs the permission `settings.write`. */
  'POST /sla-simulations': {
    body: RequestSimulation;
    answer: SlaSimulation;
  };
  /** Show an SLA simulation. Needs the permission `settings.write`. */
  'GET /sla-simulations/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SlaSimulation;
  };
  /** Cancel an SLA simulation. Needs the permission `settings.write`. */
  'POST /sla-simulations/{id}/cancel': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SlaSimulation;
  };
  /** List business calendars. For signed-in staff. */
  'GET /calendars': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      archived?: boolean;
    };
    answer: {
      items: (BusinessCalendar)[];
      nextCursor: string | null;
    };
  };
  /** Create a business calendar. Needs the permission `settings.write`. */
  'POST /calendars': {
    body: CreateBusinessCalendar;
    answer: BusinessCalendar;
  };
  /** Read an iCalendar file into exceptions of a calendar. Needs the permission `settings.write`. */
  'POST /calendars/read-icalendar': {
    body: ReadIcalendar;
    answer: ReadIcalendarAnswer;
  };
  /** Show a business calendar. For signed-in staff. */
  'GET /calendars/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: BusinessCalendar;
  };
  /** Change or archive a business calendar. Needs the permission `settings.write`. */
  'PATCH /calendars/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateBusinessCalendar;
    version: number | '*';
    answer: BusinessCalendar;
  };
  /** Publish the draft of a business calendar. Needs the permission `settings.write`. */
  'POST /calendars/{id}/publish': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PublishDefinition;
    version: number | '*';
    answer: BusinessCalendar;
  };
  /** List the versions of a business calendar. Needs the permission `settings.write`. */
  'GET /calendars/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (BusinessCalendarVersion)[];
      nextCursor: string | null;
    };
  };
  /** Roll a business calendar back to an earlier version. Needs the permission `settings.write`. */
  'POST /calendars/{id}/versions/{number}/restore': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    body: PublishDefinition;
    answer: BusinessCalendar;
  };
  /** List the published lists of holidays. For signed-in staff. */
  'GET /holiday-sources': {
    answer: {
      items: (HolidaySource)[];
    };
  };
  /** List visits. Needs the permission `ticket.read`. */
  'GET /visits': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Staff id or `me` */
      technician?: string;
      /** current: still to do; done: completed, incomplete, declined or cancelled */
      state?: "current" | "done";
    };
    answer: {
      items: (Visit)[];
      nextCursor: string | null;
    };
  };
  /** Show a visit. Needs the permission `ticket.read`. */
  'GET /visits/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Visit;
  };
  /** Say who comes beside the technician of a visit. Needs the permission `ticket.assign`. */
  'PATCH /visits/{id}/members': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: ChangeVisitMembers;
    version: number | '*';
    answer: VisitSummary;
  };
  /** Download the service report of a visit as PDF. Needs the permission `ticket.read`. */
  'GET /visits/{id}/report': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** Take a step of a visit. Needs the permission `visit.work`. */
  'POST /visits/{id}/actions/{action}': {
    params: {
      /** UUIDv7 */
      id: string;
      action: "accept" | "decline" | "start_travel" | "check_in" | "check_items" | "log_work" | "complete" | "report_obstacle";
    };
    body: TakeVisitAction;
    answer: Visit;
  };
  /** Show the way of a visit. Needs the permission `ticket.assign`. */
  'GET /visits/{id}/track': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: VisitTrack;
  };
  /** Take steps of visits that a device took, perhaps without a network, once and in their order. Needs the permission `visit.work`. */
  'POST /field/sync': {
    body: SyncCommands;
    answer: SyncResults;
  };
  /** Show one’s own figures of today and this week. Needs the permission `visit.work`. */
  'GET /field/figures': {
    answer: OwnFigures;
  };
  /** Find an asset by its scanned or typed code, with what was done to it before. Needs the permission `asset.read`. */
  'GET /field/assets': {
    query: {
      /** What the scanned code holds, or the asset’s own code */
      code: string;
    };
    answer: FieldAssets;
  };
  /** Send where the phone was, on the way to a visit or during it. Needs the permission `visit.work`. */
  'POST /positions': {
    body: SendPositions;
    answer: PositionsTaken;
  };
  /** Where technicians are during visits; takes If-None-Match. Needs the permission `ticket.assign`. */
  'GET /positions': {
    answer: StaffPositions;
  };
  /** Send a file (multipart, part `file`, at most 50 MB), to be named as an attachment within 24 hours. For signed-in staff. */
  'POST /files': {
    form: {
      file: Blob;
      /** attachment when absent; a photo is an image or a film, a signature an image with ink on it */
      purpose?: "attachment" | "photo" | "signature";
      /** internal when absent */
      visibility?: "public" | "internal";
    };
    answer: File;
  };
  /** Download a file; takes Range. For signed-in staff. */
  'GET /files/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** To be saved, also when it could be shown */
      download?: "1";
    };
    answer: Blob;
  };
  /** Download the thumbnail of an image, at most 480 pixels a side. For signed-in staff. */
  'GET /files/{id}/thumbnail': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** Open a resumable upload (tus 1.0: core, creation, expiration, termination); at most 50 MB. For signed-in staff. */
  'POST /uploads': {
    answer: string;
  };
  /** How far a resumable upload has come (HEAD as tus asks); with the file once it is whole. For signed-in staff. */
  'GET /uploads/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Upload;
  };
  /** Send the next bytes of a resumable upload, from Upload-Offset on (application/offset+octet-stream). For signed-in staff. */
  'PATCH /uploads/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: string;
  };
  /** Give a resumable upload up; what it became already stays. For signed-in staff. */
  'DELETE /uploads/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: string;
  };
  /** Show the organization and its settings. For signed-in staff. */
  'GET /organization': {
    answer: Organization;
  };
  /** Change the organization and its settings. Needs the permission `settings.write`. */
  'PATCH /organization': {
    body: UpdateOrganization;
    version: number | '*';
    answer: Organization;
  };
  /** List departments. Needs the permission `organization.read`. */
  'GET /departments': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (Department)[];
      nextCursor: string | null;
    };
  };
  /** Create a department. Needs the permission `organization.write`. */
  'POST /departments': {
    body: {
      name: string;
      nameEn?: string;
      /** UUIDv7 */
      parentId?: string;
    };
    answer: Department;
  };
  /** Show a department. Needs the permission `organization.read`. */
  'GET /departments/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Department;
  };
  /** Change, move or archive a department. Needs the permission `organization.write`. */
  'PATCH /departments/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateDepartment;
    version: number | '*';
    answer: Department;
  };
  /** List teams. Needs the permission `organization.read`. */
  'GET /teams': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (Team)[];
      nextCursor: string | null;
    };
  };
  /** Create a team. Needs the permission `organization.write`. */
  'POST /teams': {
    body: {
      name: string;
      nameEn?: string;
      /** UUIDv7 */
      departmentId: string;
      memberIds?: (string)[];
    };
    answer: Team;
  };
  /** Show a team. Needs the permission `organization.read`. */
  'GET /teams/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: TeamDetail;
  };
  /** Change or archive a team. Needs the permission `organization.write`. */
  'PATCH /teams/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateTeam;
    version: number | '*';
    answer: TeamDetail;
  };
  /** List staff. Needs the permission `organization.read`. */
  'GET /staff': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** createdAt when absent; Chinese names by pinyin */
      sort?: "createdAt" | "-createdAt" | "name" | "-name";
      job?: "agent" | "technician" | "dispatcher" | "manager" | "administrator";
      /** UUIDv7 */
      team?: string;
      /** UUIDv7 */
      skill?: string;
      /** Those who are there, or with `false` those who have left; both when absent */
      active?: boolean;
      /** Part of the name or of the e-mail address; also the pinyin of a Chinese name: initials, syllables, the beginning of one, or a mixture */
      q?: string;
    };
    answer: {
      items: (Staff)[];
      nextCursor: string | null;
    };
  };
  /** Create a member of staff. Needs the permission `organization.write`. */
  'POST /staff': {
    body: CreateStaff;
    answer: Staff;
  };
  /** Show a member of staff. Needs the permission `organization.read`. */
  'GET /staff/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Staff;
  };
  /** Change a member of staff. Needs the permission `organization.write`. */
  'PATCH /staff/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateStaff;
    version: number | '*';
    answer: Staff;
  };
  /** Show what is in the hands of a member of staff. Needs the permission `organization.write`. */
  'GET /staff/{id}/duties': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: StaffDuties;
  };
  /** List shifts. For signed-in staff. */
  'GET /shifts': {
    query: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** YYYY-MM-DD */
      from: string;
      /** Not included; at most 62 days after from */
      to: string;
      /** Staff id or `me` */
      staff?: string;
      /** UUIDv7 */
      team?: string;
    };
    answer: {
      items: (Roster)[];
      nextCursor: string | null;
    };
  };
  /** Show the shifts of a member of staff. For signed-in staff. */
  'GET /staff/{id}/shifts': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Shifts;
  };
  /** Change the shifts of a member of staff. Needs the permission `organization.write`. */
  'PATCH /staff/{id}/shifts': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateShifts;
    version: number | '*';
    answer: Shifts;
  };
  /** Show how a team gives out its tickets. Needs the permission `organization.read`. */
  'GET /teams/{id}/dispatch-modes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: DispatchModes;
  };
  /** Change how a team gives out its tickets. Needs the permission `settings.write`. */
  'PATCH /teams/{id}/dispatch-modes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateDispatchModes;
    version: number | '*';
    answer: DispatchModes;
  };
  /** Show whether a calendar can read one’s visits. For staff by the session they signed in for; not for API keys. */
  'GET /calendar-feed': {
    answer: CalendarFeed;
  };
  /** Make a secret address for a calendar to read one’s visits. For staff by the session they signed in for; not for API keys. */
  'POST /calendar-feed': {
    answer: CalendarFeedMade;
  };
  /** Take back the secret address for calendars. For staff by the session they signed in for; not for API keys. */
  'DELETE /calendar-feed': {
    answer: undefined;
  };
  /** Read one’s visits by a calendar (iCalendar). Needs no credentials. */
  'GET /calendar-feeds/{token}': {
    params: {
      token: string;
    };
    answer: Blob;
  };
  /** Show which windows customers may choose. Needs the permission `organization.read`. */
  'GET /appointment-setting': {
    answer: AppointmentSetting;
  };
  /** Change which windows customers may choose. Needs the permission `settings.write`. */
  'PATCH /appointment-setting': {
    body: UpdateAppointmentSetting;
    version: number | '*';
    answer: AppointmentSetting;
  };
  /** Show how travel times are found. Needs the permission `settings.write`. */
  'GET /travel-setting': {
    answer: TravelSetting;
  };
  /** Change how travel times are found. Needs the permission `settings.write`. */
  'PATCH /travel-setting': {
    body: UpdateTravelSetting;
    version: number | '*';
    answer: TravelSetting;
  };
  /** Ask a provider of travel times for one way. Needs the permission `settings.write`. */
  'POST /travel-setting/try': {
    body: TryTravel;
    answer: TriedTravel;
  };
  /** List territories. Needs the permission `organization.read`. */
  'GET /territories': {
    query?: {
      /** Also those out of use */
      archived?: boolean;
    };
    answer: Territories;
  };
  /** Create a territory. Needs the permission `settings.write`. */
  'POST /territories': {
    body: CreateTerritory;
    answer: Territory;
  };
  /** Change a territory. Needs the permission `settings.write`. */
  'PATCH /territories/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateTerritory;
    version: number | '*';
    answer: Territory;
  };
  /** Show what a team keeps to when its work is given out. Needs the permission `organization.read`. */
  'GET /teams/{id}/dispatch-rules': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: DispatchRules;
  };
  /** Change what a team keeps to when its work is given out. Needs the permission `settings.write`. */
  'PATCH /teams/{id}/dispatch-rules': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateDispatchRules;
    version: number | '*';
    answer: DispatchRules;
  };
  /** Show what a team weighs in proposals. Needs the permission `organization.read`. */
  'GET /teams/{id}/dispatch-weights': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: DispatchWeights;
  };
  /** Change what a team weighs in proposals. Needs the permission `settings.write`. */
  'PATCH /teams/{id}/dispatch-weights': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateDispatchWeights;
    version: number | '*';
    answer: DispatchWeights;
  };
  /** Compare proposals by a draft of weights with those by the present ones. Needs the permission `settings.write`. */
  'POST /teams/{id}/dispatch-weights/preview': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PreviewDispatchWeights;
    answer: DispatchPreview;
  };
  /** Show the shifts of a team. Needs the permission `organization.read`. */
  'GET /teams/{id}/shifts': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Shifts;
  };
  /** Change the shifts of a team. Needs the permission `organization.write`. */
  'PATCH /teams/{id}/shifts': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateShifts;
    version: number | '*';
    answer: Shifts;
  };
  /** List skills. For signed-in staff. */
  'GET /skills': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (SkillDefinition)[];
      nextCursor: string | null;
    };
  };
  /** Create a skill. Needs the permission `settings.write`. */
  'POST /skills': {
    body: CreateSkill;
    answer: SkillDefinition;
  };
  /** Show a skill. For signed-in staff. */
  'GET /skills/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: SkillDefinition;
  };
  /** Change a skill. Needs the permission `settings.write`. */
  'PATCH /skills/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateSkill;
    version: number | '*';
    answer: SkillDefinition;
  };
  /** List roles. Needs the permission `organization.read`. */
  'GET /roles': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (Role)[];
      nextCursor: string | null;
    };
  };
  /** Create a role. Needs the permission `organization.write`. */
  'POST /roles': {
    body: {
      name: string;
      nameEn?: string;
      grants: ({
        permission: "ticket.read" | "ticket.create" | "ticket.update" | "ticket.assign" | "ticket.resolve" | "ticket.close" | "ticket.cancel" | "ticket.reply" | "ticket.note" | "visit.work" | "customer.read" | "customer.write" | "personal_data.reveal" | "asset.read" | "asset.write" | "organization.read" | "organization.write" | "settings.write" | "import.run" | "insight.read" | "view.share" | "macro.share" | "automation.manage" | "audit.read" | "api_key.manage";
        scope: "own" | "team" | "department" | "organization";
        ticketTypeIds?: (string)[];
      })[];
    };
    answer: Role;
  };
  /** Show a role. Needs the permission `organization.read`. */
  'GET /roles/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Role;
  };
  /** Change or archive a role. Needs the permission `organization.write`. */
  'PATCH /roles/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateRole;
    version: number | '*';
    answer: Role;
  };
  /** List categories. For signed-in staff. */
  'GET /categories': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (Category)[];
      nextCursor: string | null;
    };
  };
  /** Create a category. Needs the permission `settings.write`. */
  'POST /categories': {
    body: {
      name: string;
      nameEn?: string;
      /** UUIDv7 */
      parentId?: string;
      /** UUIDv7 */
      teamId?: string;
      serviceMinutes?: number | null;
      skills?: (SkillNeed)[] | null;
      crew?: (CrewPlace)[] | null;
    };
    answer: Category;
  };
  /** Import categories from JSON Lines or CSV (a form with the part `file`, or JSON with `text`). Needs the permission `settings.write`. */
  'POST /categories/import': {
    form: {
      file: Blob;
      format?: "jsonl" | "csv";
      /** As in the JSON request, written as JSON */
      columns?: string;
      dryRun?: "true" | "false";
    };
    answer: CategoryImport;
  };
  /** Show a category. For signed-in staff. */
  'GET /categories/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Category;
  };
  /** Change, move or archive a category. Needs the permission `settings.write`. */
  'PATCH /categories/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateCategory;
    version: number | '*';
    answer: Category;
  };
  /** List the statuses of the organization’s own. For signed-in staff. */
  'GET /ticket-statuses': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (TicketStatus)[];
      nextCursor: string | null;
    };
  };
  /** Create a status. Needs the permission `settings.write`. */
  'POST /ticket-statuses': {
    body: CreateTicketStatus;
    answer: TicketStatus;
  };
  /** Show a status. For signed-in staff. */
  'GET /ticket-statuses/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: TicketStatus;
  };
  /** Change, order or archive a status. Needs the permission `settings.write`. */
  'PATCH /ticket-statuses/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateTicketStatus;
    version: number | '*';
    answer: TicketStatus;
  };
  /** List ticket types. For signed-in staff. */
  'GET /ticket-types': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
    };
    answer: {
      items: (TicketTypeSummary)[];
      nextCursor: string | null;
    };
  };
  /** Create a ticket type. Needs the permission `settings.write`. */
  'POST /ticket-types': {
    body: CreateTicketType;
    answer: TicketType;
  };
  /** Show a ticket type and its published form. For signed-in staff. */
  'GET /ticket-types/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: TicketType;
  };
  /** Change, order or archive a ticket type. Needs the permission `settings.write`. */
  'PATCH /ticket-types/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateTicketType;
    version: number | '*';
    answer: TicketType;
  };
  /** Show the draft of a ticket type’s form, with its problems. Needs the permission `settings.write`. */
  'GET /ticket-types/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: FormDraft;
  };
  /** Save the draft of a ticket type’s form. Needs the permission `settings.write`. */
  'PATCH /ticket-types/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateFormDraft;
    version: number | '*';
    answer: FormDraft;
  };
  /** Throw the draft of a ticket type’s form away. Needs the permission `settings.write`. */
  'DELETE /ticket-types/{id}/draft': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** Check a form without saving it. Needs the permission `settings.write`. */
  'POST /ticket-types/{id}/draft/check': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: CheckForm;
    answer: FormCheck;
  };
  /** Publish the draft of a ticket type’s form. Needs the permission `settings.write`. */
  'POST /ticket-types/{id}/publish': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: PublishForm;
    version: number | '*';
    answer: TicketType;
  };
  /** List the versions of a ticket type’s form. For signed-in staff. */
  'GET /ticket-types/{id}/versions': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (FormVersionSummary)[];
      nextCursor: string | null;
    };
  };
  /** Show a version of a ticket type’s form. For signed-in staff. */
  'GET /ticket-types/{id}/versions/{number}': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    answer: FormVersion;
  };
  /** Roll a ticket type’s form back to an earlier version. Needs the permission `settings.write`. */
  'POST /ticket-types/{id}/versions/{number}/restore': {
    params: {
      /** UUIDv7 */
      id: string;
      number: string;
    };
    body: PublishForm;
    answer: TicketType;
  };
  /** Compare two versions of a ticket type’s form. Needs the permission `settings.write`. */
  'GET /ticket-types/{id}/compare': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query: {
      /** A version’s number, or `draft` */
      from: string;
      /** A version’s number, or `draft` */
      to: string;
    };
    answer: FormDifference;
  };
  /** List ticket templates. For signed-in staff. */
  'GET /ticket-templates': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** Whether those no longer in use are listed too; they are not when absent */
      archived?: boolean;
      /** UUIDv7 */
      type?: string;
    };
    answer: {
      items: (TicketTemplate)[];
      nextCursor: string | null;
    };
  };
  /** Create a ticket template. Needs the permission `settings.write`. */
  'POST /ticket-templates': {
    body: CreateTicketTemplate;
    answer: TicketTemplate;
  };
  /** Show a ticket template. For signed-in staff. */
  'GET /ticket-templates/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: TicketTemplate;
  };
  /** Change, order or archive a ticket template. Needs the permission `settings.write`. */
  'PATCH /ticket-templates/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateTicketTemplate;
    version: number | '*';
    answer: TicketTemplate;
  };
  /** Show how requests are taken in. Needs the permission `settings.write`. */
  'GET /intake-setting': {
    answer: IntakeSetting;
  };
  /** Change how requests are taken in. Needs the permission `settings.write`. */
  'PATCH /intake-setting': {
    body: UpdateIntakeSetting;
    version: number | '*';
    answer: IntakeSetting;
  };
  /** Read what a text names. Needs the permission `ticket.create`. */
  'POST /text/extract': {
    body: ExtractText;
    answer: ExtractedText;
  };
  /** Confirm what was guessed of a ticket. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/guesses/confirm': {
    params: {
      id: string;
    };
    body: ConfirmGuesses;
    answer: Ticket;
  };
  /** Ask another system again for a ticket. Needs the permission `ticket.update`. */
  'POST /tickets/{id}/completions/{connector}/ask': {
    params: {
      id: string;
      /** UUIDv7 */
      connector: string;
    };
    answer: Ticket;
  };
  /** List the other systems that are asked about tickets. Needs the permission `settings.write`. */
  'GET /connectors': {
    answer: ConnectorList;
  };
  /** Connect another system that is asked about tickets. Needs the permission `settings.write`. */
  'POST /connectors': {
    body: CreateConnector;
    answer: Connector;
  };
  /** Ask another system, and fill in nothing. Needs the permission `settings.write`. */
  'POST /connectors/try': {
    body: TryConnector;
    answer: TriedConnector;
  };
  /** Show another system that is asked about tickets. Needs the permission `settings.write`. */
  'GET /connectors/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Connector;
  };
  /** Change a connection to another system. Needs the permission `settings.write`. */
  'PATCH /connectors/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateConnector;
    version: number | '*';
    answer: Connector;
  };
  /** List channels. Needs the permission `organization.read`. */
  'GET /channels': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (ChannelAccount)[];
      nextCursor: string | null;
    };
  };
  /** Set up a channel by which requests come in. Needs the permission `settings.write`. */
  'POST /channels': {
    body: CreateChannel;
    answer: CreatedChannel;
  };
  /** Try a mapping on a sample. Needs the permission `settings.write`. */
  'POST /channels/try-mapping': {
    body: TryMapping;
    answer: TriedMapping;
  };
  /** Show a channel by which requests come in. Needs the permission `settings.write`. */
  'GET /channels/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: InboundChannel;
  };
  /** Change a channel by which requests come in. Needs the permission `settings.write`. */
  'PATCH /channels/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateChannel;
    version: number | '*';
    answer: InboundChannel;
  };
  /** List what came in by a channel. Needs the permission `settings.write`. */
  'GET /channels/{id}/messages': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      state?: "waiting" | "done" | "passed_over" | "quarantined";
      /** A part of the name the platform gave a message, or of its thread; looked for among the newest 20,000 */
      q?: string;
    };
    answer: {
      items: (InboxMessage)[];
      nextCursor: string | null;
    };
  };
  /** Take up again, discard or replay many messages. Needs the permission `settings.write`. */
  'POST /inbox-messages/actions/{action}': {
    params: {
      action: "reprocess" | "discard" | "replay";
    };
    body: SettleMessages;
    answer: SettledMessages;
  };
  /** List calls. Needs the permission `ticket.read`. */
  'GET /calls': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      state?: "ringing" | "answered" | "ended" | "missed";
      direction?: "inbound" | "outbound";
      /** all: calls of one’s own; current: those of them that go on */
      mine?: "all" | "current";
      /** UUIDv7 */
      ticket?: string;
      /** UUIDv7 */
      customer?: string;
      /** The number as a whole, or its last digits (at least four) */
      number?: string;
    };
    answer: {
      items: (Call)[];
      nextCursor: string | null;
    };
  };
  /** Call a customer from one’s own telephone. Needs the permission `ticket.read`. */
  'POST /calls': {
    body: {
      /** Whose number stands on a ticket, by its id or number */
      ticketId: string;
    } | {
      /** UUIDv7 */
      customerId: string;
      /** UUIDv7 */
      contactPointId: string;
    };
    answer: Call;
  };
  /** Show a call: who may be calling, what they have open, what passed before. Needs the permission `ticket.read`. */
  'GET /calls/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: CallCard;
  };
  /** Note what a call was about, who called, and which ticket it belongs to. Needs the permission `ticket.read`. */
  'PATCH /calls/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateCall;
    version: number | '*';
    answer: CallCard;
  };
  /** Open a ticket of a call. Needs the permission `ticket.create`. */
  'POST /calls/{id}/ticket': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: OpenCallTicket;
    answer: Ticket;
  };
  /** Play the recording of a call; takes Range. Needs the permission `ticket.read`. */
  'GET /calls/{id}/recording': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** To be saved, also when it could be shown */
      download?: "1";
    };
    answer: Blob;
  };
  /** Show whether there is a telephone here, and which extension is one’s own. For signed-in staff. */
  'GET /telephone': {
    answer: Telephone;
  };
  /** Show what one’s own browser needs to be a telephone. For staff by the session they signed in for; not for API keys. */
  'GET /telephone/softphone': {
    answer: Softphone;
  };
  /** The script by which one’s own browser talks to the telephone system. For staff by the session they signed in for; not for API keys. */
  'GET /telephone/wire.js': {
    answer: Blob;
  };
  /** List colleagues who have an extension. For signed-in staff. */
  'GET /telephone/colleagues': {
    answer: Colleagues;
  };
  /** Show the extension of a member of staff. Needs the permission `organization.read`. */
  'GET /staff/{id}/phone-line': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: PhoneLine;
  };
  /** Say which extension a member of staff has. Needs the permission `organization.write`. */
  'PATCH /staff/{id}/phone-line': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdatePhoneLine;
    version: number | '*';
    answer: PhoneLine;
  };
  /** Show what writes down what was said on the telephone. Needs the permission `settings.write`. */
  'GET /speech-setting': {
    answer: SpeechSetting;
  };
  /** Set up what writes down what was said on the telephone. Needs the permission `settings.write`. */
  'PATCH /speech-setting': {
    body: UpdateSpeechSetting;
    version: number | '*';
    answer: SpeechSetting;
  };
  /** List the cases of a hotline that a ticket is about. Needs the permission `ticket.read`. */
  'GET /tickets/{id}/hotline-cases': {
    params: {
      id: string;
    };
    answer: HotlineCases;
  };
  /** Accept, return, finish a case of a hotline, ask for more time, or say what the citizen says; the hotline is told. Needs the permission `ticket.read`. */
  'POST /hotline-cases/{id}/actions/{action}': {
    params: {
      /** UUIDv7 */
      id: string;
      action: "accept" | "return" | "ask_extension" | "finish" | "revisit";
    };
    body: TakeHotlineAction;
    version: number | '*';
    answer: HotlineCases;
  };
  /** Tell a hotline once more what it did not take. Needs the permission `ticket.resolve`. */
  'POST /hotline-reports/{id}/retry': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: HotlineCases;
  };
  /** Pass over what a hotline did not take: it is done on their platform, and later reports go on. Needs the permission `ticket.resolve`. */
  'POST /hotline-reports/{id}/skip': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: HotlineCases;
  };
  /** Show what the categories of a hotline are here. Needs the permission `settings.write`. */
  'GET /channels/{id}/hotline-codes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: HotlineCodes;
  };
  /** Say what the categories of a hotline are here. Needs the permission `settings.write`. */
  'PATCH /channels/{id}/hotline-codes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateHotlineCodes;
    version: number | '*';
    answer: HotlineCodes;
  };
  /** Note that somebody agreed to subscription messages of a channel. Needs the permission `ticket.create`. */
  'POST /channels/{id}/grants': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: AddGrants;
    answer: Grants;
  };
  /** Show what came in, with what was read of it. Needs the permission `settings.write`. */
  'GET /inbox-messages/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: InboxMessageDetail;
  };
  /** Download what came as it came. Needs the permission `settings.write`. */
  'GET /inbox-messages/{id}/raw': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** Take up again or discard a message that was put aside; replay one that is done. Needs the permission `settings.write`. */
  'POST /inbox-messages/{id}/actions/{action}': {
    params: {
      /** UUIDv7 */
      id: string;
      action: "reprocess" | "discard" | "replay";
    };
    body: SettleMessage;
    answer: InboxMessage;
  };
  /** List customers. Needs the permission `customer.read`. */
  'GET /customers': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** -createdAt when absent; Chinese names by pinyin */
      sort?: "-createdAt" | "createdAt" | "name" | "-name";
      /** Part of the name or of the account’s name; a whole phone number or its last four digits (any part of three digits or more for those who may reveal it); a whole e-mail address */
      q?: string;
      tier?: string;
      tag?: string;
      /** UUIDv7 */
      account?: string;
      /** Those taken out of use instead */
      archived?: boolean;
    };
    answer: {
      items: (Customer)[];
      nextCursor: string | null;
    };
  };
  /** Create a customer. Needs the permission `customer.write`. */
  'POST /customers': {
    body: CreateCustomer;
    answer: CustomerDetail;
  };
  /** Show a customer. Needs the permission `customer.read`. */
  'GET /customers/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: CustomerDetail;
  };
  /** Change a customer. Needs the permission `customer.write`. */
  'PATCH /customers/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateCustomer;
    version: number | '*';
    answer: CustomerDetail;
  };
  /** Show the history of a customer over all channels. Needs the permission `customer.read`. */
  'GET /customers/{id}/timeline': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** One or several of ticket, message, call, visit, note, change, separated by commas; all when absent */
      kinds?: string;
    };
    answer: {
      items: (HistoryEntry)[];
      nextCursor: string | null;
    };
  };
  /** Propose duplicates of a customer. Needs the permission `customer.read`. */
  'GET /customers/{id}/duplicates': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: {
      /** The likeliest first */
      items: (DuplicateCandidate)[];
    };
  };
  /** Say that another customer is somebody else. Needs the permission `customer.write`. */
  'POST /customers/{id}/duplicates/{other}/dismiss': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      other: string;
    };
    answer: undefined;
  };
  /** List the conversations of a customer on all channels. Needs the permission `customer.read`. */
  'GET /customers/{id}/conversations': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: CustomerConversations;
  };
  /** Merge a customer into another. Needs the permission `customer.write`. */
  'POST /customers/{id}/merge': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: MergeCustomer;
    answer: CustomerDetail;
  };
  /** Undo the merge of a customer. Needs the permission `customer.write`. */
  'POST /customers/{id}/unmerge': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UnmergeCustomer;
    answer: CustomerDetail;
  };
  /** Reveal the masked data of a customer. Needs the permission `customer.read`. */
  'POST /customers/{id}/reveal': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: RevealReason;
    answer: RevealedCustomer;
  };
  /** Add a contact point to a customer. Needs the permission `customer.write`. */
  'POST /customers/{id}/contact-points': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: AddContactPoint;
    answer: ContactPoint;
  };
  /** Change a contact point. Needs the permission `customer.write`. */
  'PATCH /customers/{id}/contact-points/{contactId}': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      contactId: string;
    };
    body: UpdateContactPoint;
    version: number | '*';
    answer: ContactPoint;
  };
  /** Remove a contact point. Needs the permission `customer.write`. */
  'DELETE /customers/{id}/contact-points/{contactId}': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      contactId: string;
    };
    answer: undefined;
  };
  /** Mark a contact point as verified. Needs the permission `customer.write`. */
  'POST /customers/{id}/contact-points/{contactId}/verify': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      contactId: string;
    };
    body: VerifyContactPoint;
    answer: ContactPoint;
  };
  /** Reveal a contact point of a customer. Needs the permission `customer.read`. */
  'POST /customers/{id}/contact-points/{contactId}/reveal': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      contactId: string;
    };
    body: RevealReason;
    answer: RevealedValue;
  };
  /** List the notes about a customer. Needs the permission `customer.read`. */
  'GET /customers/{id}/notes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (CustomerNote)[];
      nextCursor: string | null;
    };
  };
  /** Add a note about a customer. Needs the permission `customer.write`. */
  'POST /customers/{id}/notes': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: AddCustomerNote;
    answer: CustomerNote;
  };
  /** Change a note about a customer. Needs the permission `customer.write`. */
  'PATCH /customers/{id}/notes/{noteId}': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      noteId: string;
    };
    body: UpdateCustomerNote;
    version: number | '*';
    answer: CustomerNote;
  };
  /** Remove a note about a customer. Needs the permission `customer.write`. */
  'DELETE /customers/{id}/notes/{noteId}': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      noteId: string;
    };
    answer: undefined;
  };
  /** List the technicians that a customer, a site or an asset wants or does not accept. Needs the permission `customer.read`. */
  'GET /technician-preferences': {
    query: {
      of: "customer" | "site" | "asset";
      /** UUIDv7 */
      subjectId: string;
    };
    answer: TechnicianPreferences;
  };
  /** Say that a customer, a site or an asset prefers, requires or does not accept a technician. Needs the permission `customer.write`. */
  'POST /technician-preferences': {
    body: SetTechnicianPreference;
    answer: TechnicianPreference;
  };
  /** Take back what was said of a technician. Needs the permission `customer.write`. */
  'DELETE /technician-preferences/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: undefined;
  };
  /** List customer tiers. For signed-in staff. */
  'GET /customer-tiers': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (CustomerTier)[];
      nextCursor: string | null;
    };
  };
  /** Create a customer tier. Needs the permission `settings.write`. */
  'POST /customer-tiers': {
    body: CreateCustomerTier;
    answer: CustomerTier;
  };
  /** Change a customer tier. Needs the permission `settings.write`. */
  'PATCH /customer-tiers/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateCustomerTier;
    version: number | '*';
    answer: CustomerTier;
  };
  /** List accounts. Needs the permission `customer.read`. */
  'GET /accounts': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** -createdAt when absent; Chinese names by pinyin */
      sort?: "-createdAt" | "createdAt" | "name" | "-name";
      /** Part of the name, or the beginning of the code */
      q?: string;
      kind?: "company" | "household" | "building" | "community" | "shop" | "institution" | "other";
      tier?: string;
      /** Those directly below an account, or with `none` those below no other */
      parent?: string;
      archived?: boolean;
    };
    answer: {
      items: (Account)[];
      nextCursor: string | null;
    };
  };
  /** Create an account. Needs the permission `customer.write`. */
  'POST /accounts': {
    body: CreateAccount;
    answer: Account;
  };
  /** Show an account. Needs the permission `customer.read`. */
  'GET /accounts/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Account;
  };
  /** Change an account. Needs the permission `customer.write`. */
  'PATCH /accounts/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateAccount;
    version: number | '*';
    answer: Account;
  };
  /** Show the history of an account. Needs the permission `customer.read`. */
  'GET /accounts/{id}/timeline': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** One or several of ticket, message, call, visit, note, change, separated by commas; all when absent */
      kinds?: string;
    };
    answer: {
      items: (HistoryEntry)[];
      nextCursor: string | null;
    };
  };
  /** List the sites of an account. Needs the permission `customer.read`. */
  'GET /accounts/{id}/sites': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      archived?: boolean;
    };
    answer: {
      items: (Site)[];
      nextCursor: string | null;
    };
  };
  /** Create a site of an account. Needs the permission `customer.write`. */
  'POST /accounts/{id}/sites': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: CreateSite;
    answer: Site;
  };
  /** Change a site. Needs the permission `customer.write`. */
  'PATCH /accounts/{id}/sites/{siteId}': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      siteId: string;
    };
    body: UpdateSite;
    version: number | '*';
    answer: Site;
  };
  /** Reveal the contact phone of a site. Needs the permission `customer.read`. */
  'POST /accounts/{id}/sites/{siteId}/reveal': {
    params: {
      /** UUIDv7 */
      id: string;
      /** UUIDv7 */
      siteId: string;
    };
    body: RevealReason;
    answer: RevealedValue;
  };
  /** Show the mask policy, and what the caller sees by it. For signed-in staff. */
  'GET /masks': {
    answer: Masks;
  };
  /** Change the mask policy. Needs the permission `organization.write`. */
  'PATCH /masks': {
    body: UpdateMasks;
    version: number | '*';
    answer: Masks;
  };
  /** List assets. Needs the permission `asset.read`. */
  'GET /assets': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** -createdAt when absent; names by pinyin; those without a warranty come last in either order of it */
      sort?: "-createdAt" | "createdAt" | "name" | "-name" | "code" | "-code" | "warrantyUntil" | "-warrantyUntil";
      /** Part of the name, code, model or serial number */
      q?: string;
      /** UUIDv7 */
      customer?: string;
      /** UUIDv7 */
      account?: string;
      /** UUIDv7 */
      site?: string;
      /** UUIDv7 */
      parent?: string;
      criticality?: "low" | "normal" | "high";
      /** By today, in the organization’s time zone */
      warranty?: "valid" | "expired" | "none";
      /** Those taken out of use instead */
      archived?: boolean;
    };
    answer: {
      items: (Asset)[];
      nextCursor: string | null;
    };
  };
  /** Create an asset. Needs the permission `asset.write`. */
  'POST /assets': {
    body: CreateAsset;
    answer: Asset;
  };
  /** Show an asset. Needs the permission `asset.read`. */
  'GET /assets/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Asset;
  };
  /** Change an asset. Needs the permission `asset.write`. */
  'PATCH /assets/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    body: UpdateAsset;
    version: number | '*';
    answer: Asset;
  };
  /** Show the history of an asset. Needs the permission `asset.read`. */
  'GET /assets/{id}/timeline': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** One or several of ticket, message, call, visit, note, change, separated by commas; all when absent */
      kinds?: string;
    };
    answer: {
      items: (HistoryEntry)[];
      nextCursor: string | null;
    };
  };
  /** The printable label of an asset with its QR code. Needs the permission `asset.read`. */
  'GET /assets/{id}/label.svg': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** 40x30 when absent */
      size?: "40x30" | "60x40" | "80x50" | "a4" | "a4_24" | "a4_40";
    };
    answer: Blob;
  };
  /** A printable sheet of labels with QR codes. Needs the permission `asset.read`. */
  'POST /assets/labels': {
    body: PrintLabels;
    answer: Blob;
  };
  /** A printable sheet of labels with the QR codes of places. Needs the permission `customer.read`. */
  'POST /sites/labels': {
    body: PrintLabels;
    answer: Blob;
  };
  /** List what can be imported and what columns can say. Needs the permission `import.run`. */
  'GET /import-kinds': {
    answer: {
      items: (ImportKind)[];
    };
  };
  /** A template of a file to be imported, as CSV. Needs the permission `import.run`. */
  'GET /import-kinds/{kind}/template.csv': {
    params: {
      kind: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
    };
    answer: Blob;
  };
  /** Look into a file to be imported: its columns and what they seem to say. `file` as a multipart form, or `fileId` as JSON. Needs the permission `import.run`. */
  'POST /imports/preview': {
    body: CreateImport;
    answer: ImportPreview;
  };
  /** List imports. Needs the permission `import.run`. */
  'GET /imports': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      kind?: "tickets" | "customers" | "accounts" | "assets" | "staff" | "hotline_cases";
      status?: "queued" | "reading" | "running" | "completed" | "cancelled" | "failed";
    };
    answer: {
      items: (Import)[];
      nextCursor: string | null;
    };
  };
  /** Import records from a file (at most 50 MB and 100,000 rows of CSV, XLSX or JSON Lines). `file` as a multipart form, or `fileId` as JSON. Needs the permission `import.run`. */
  'POST /imports': {
    body: CreateImport;
    answer: Import;
  };
  /** Show an import with its progress. Needs the permission `import.run`. */
  'GET /imports/{id}': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Import;
  };
  /** Cancel an import. Needs the permission `import.run`. */
  'POST /imports/{id}/cancel': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Import;
  };
  /** List the refused rows of an import. Needs the permission `import.run`. */
  'GET /imports/{id}/issues': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: (ImportIssue)[];
      nextCursor: string | null;
    };
  };
  /** The refused rows of an import as CSV. Needs the permission `import.run`. */
  'GET /imports/{id}/result.csv': {
    params: {
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** List the audit trail. Needs the permission `audit.read`. */
  'GET /audit': {
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
      /** One or several kinds of facts separated by commas; `staff.*` means all that begin so */
      kind?: string;
      /** UUIDv7 */
      actor?: string;
      actorKind?: "staff" | "api_key" | "customer" | "system" | "rule";
      /** UUIDv7 */
      subject?: string;
      /** Id or number */
      ticket?: string;
      /** RFC 3339, UTC */
      from?: string;
      /** RFC 3339; up to, and not including */
      to?: string;
      /** Part of who did it, or of what the entry says */
      q?: string;
    };
    answer: AuditPage;
  };
  /** Export the audit trail as CSV. Needs the permission `audit.read`. */
  'GET /audit/export': {
    query?: {
      /** One or several kinds of facts separated by commas; `staff.*` means all that begin so */
      kind?: string;
      /** UUIDv7 */
      actor?: string;
      actorKind?: "staff" | "api_key" | "customer" | "system" | "rule";
      /** UUIDv7 */
      subject?: string;
      /** Id or number */
      ticket?: string;
      /** RFC 3339, UTC */
      from?: string;
      /** RFC 3339; up to, and not including */
      to?: string;
      /** Part of who did it, or of what the entry says */
      q?: string;
    };
    answer: Blob;
  };
  /** Show a measure over a period. Needs the permission `insight.read`. */
  'GET /insight/{measure}': {
    params: {
      measure: "created" | "resolved" | "closed" | "reopened" | "cancelled" | "backlog" | "rating" | "resolution_time";
    };
    query?: {
      by?: "day" | "team" | "status" | "channel" | "priority" | "category";
      /** First day, in the organization’s time zone */
      from?: string;
      /** Last day, included */
      to?: string;
    };
    answer: Insight;
  };
  /** Follow what happens, as server-sent events. For signed-in staff. */
  'GET /feed': {
    query?: {
      lastEventId?: string;
    };
    answer: Events;
  };
  /** Show an organization’s portal. Needs no credentials. */
  'GET /portal/{org}': {
    params: {
      org: string;
    };
    query?: {
      /** Token of a scanned code, of an asset or a place */
      asset?: string;
    };
    answer: PortalHome;
  };
  /** Show what lies below a category at an organization’s portal. Needs no credentials. */
  'GET /portal/{org}/categories/{category}': {
    params: {
      org: string;
      /** UUIDv7 */
      category: string;
    };
    answer: PortalCategories;
  };
  /** Send a photo, film or voice note, or a document that a field asks for (multipart, part `file`, at most 20 MB), to be named in a report within the hour. Needs no credentials. */
  'POST /portal/{org}/files': {
    params: {
      org: string;
    };
    form: {
      file: Blob;
      /** A signature drawn by hand, for a field that asks for one */
      purpose?: "signature";
      /** UUIDv7 */
      type?: string;
      /** The field of the type’s form that the file is for (key): what it takes is taken, documents among it. Without one only what is seen or heard */
      field?: string;
    };
    answer: PortalUpload;
  };
  /** Report something at an organization’s portal. Needs no credentials. */
  'POST /portal/{org}/reports': {
    params: {
      org: string;
    };
    body: CreateReport;
    answer: ReportCreated;
  };
  /** Ask for a sign-in code by text message. Needs no credentials. */
  'POST /portal/{org}/codes': {
    params: {
      org: string;
    };
    body: {
      phone: string;
    };
    answer: {
      expiresInSeconds: number;
    };
  };
  /** Sign in as a customer by phone code. Needs no credentials. */
  'POST /portal/{org}/session': {
    params: {
      org: string;
    };
    body: {
      phone: string;
      code: string;
    };
    answer: {
      token: string;
      /** RFC 3339, UTC */
      expiresAt: string;
      customer: {
        /** UUIDv7 */
        id: string;
        name: string;
      };
    };
  };
  /** Sign out as a customer. For customers signed in by phone code. */
  'DELETE /portal/{org}/session': {
    params: {
      org: string;
    };
    answer: undefined;
  };
  /** List the signed-in customer’s tickets. For customers signed in by phone code. */
  'GET /portal/{org}/tickets': {
    params: {
      org: string;
    };
    query?: {
      /** How many at most; 50 when absent, 200 for lists of the configuration */
      limit?: number;
      /** nextCursor of the page before */
      cursor?: string;
    };
    answer: {
      items: ({
        number: string;
        subject: string;
        status: "new" | "open" | "waiting" | "resolved" | "closed" | "cancelled";
        /** RFC 3339, UTC */
        createdAt: string;
        url: string;
      })[];
      nextCursor: string | null;
    };
  };
  /** Show the asset or the place behind a scanned code. Needs no credentials. */
  'GET /scan/{token}': {
    params: {
      token: string;
    };
    answer: {
      organization: {
        name: string;
        slug: string;
      };
      asset: {
        code: string;
        name: string;
        address: string | null;
      } | null;
      site: {
        name: string;
        address: string | null;
      } | null;
    };
  };
  /** Follow a ticket by its link. Needs no credentials. */
  'GET /progress/{token}': {
    params: {
      token: string;
    };
    answer: Progress;
  };
  /** Add a message as the customer. Needs no credentials. */
  'POST /progress/{token}/comments': {
    params: {
      token: string;
    };
    body: {
      body: string;
      uploads?: (string)[];
    };
    answer: Progress;
  };
  /** Confirm that the matter is solved. Needs no credentials. */
  'POST /progress/{token}/confirm': {
    params: {
      token: string;
    };
    body: Record<string, never>;
    answer: Progress;
  };
  /** Say that the matter is not solved. Needs no credentials. */
  'POST /progress/{token}/reopen': {
    params: {
      token: string;
    };
    body: {
      reason: string;
    };
    answer: Progress;
  };
  /** Rate the service. Needs no credentials. */
  'POST /progress/{token}/rating': {
    params: {
      token: string;
    };
    body: {
      rating: number;
      comment?: string;
    };
    answer: Progress;
  };
  /** Download the service report of the visit that settled the ticket the link belongs to, as PDF. Needs no credentials. */
  'GET /progress/{token}/report': {
    params: {
      token: string;
    };
    answer: Blob;
  };
  /** Choose what to be told of without asking. Needs no credentials. */
  'POST /progress/{token}/news': {
    params: {
      token: string;
    };
    body: ChooseNews;
    answer: Progress;
  };
  /** Show the appointment of one’s own ticket, and the windows that may be chosen. Needs no credentials. */
  'GET /progress/{token}/appointment': {
    params: {
      token: string;
    };
    query?: {
      /** Also what may be chosen */
      windows?: boolean;
    };
    answer: Appointment;
  };
  /** Choose the window in which somebody comes. Needs no credentials. */
  'POST /progress/{token}/appointment': {
    params: {
      token: string;
    };
    body: ChooseAppointment;
    answer: Appointment;
  };
  /** Send a photo, film or voice note (multipart, part `file`, at most 20 MB), to be named in a message within the hour. Needs no credentials. */
  'POST /progress/{token}/files': {
    params: {
      token: string;
    };
    form: {
      file: Blob;
      /** A signature drawn by hand, for a field that asks for one */
      purpose?: "signature";
    };
    answer: PortalUpload;
  };
  /** Download a file of the ticket that the link belongs to; takes Range. Needs no credentials. */
  'GET /progress/{token}/files/{id}': {
    params: {
      token: string;
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** To be saved, also when it could be shown */
      download?: "1";
    };
    answer: Blob;
  };
  /** Download the thumbnail of an image of the ticket that the link belongs to. Needs no credentials. */
  'GET /progress/{token}/files/{id}/thumbnail': {
    params: {
      token: string;
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** Follow a ticket by its link, as server-sent events. Needs no credentials. */
  'GET /progress/{token}/feed': {
    params: {
      token: string;
    };
    answer: Events;
  };
  /** Show what a chat on a website looks like. Needs no credentials. */
  'GET /chat/{channel}': {
    params: {
      channel: string;
    };
    answer: ChatWindow;
  };
  /** Come to a chat on a website, or come again. Needs no credentials. */
  'POST /chat/{channel}/visits': {
    params: {
      channel: string;
    };
    body: OpenVisit;
    answer: ChatVisit;
  };
  /** Show how a chat stands, from a message on. Needs no credentials. */
  'GET /chat-visits/{token}': {
    params: {
      token: string;
    };
    query?: {
      /** The place of the newest message that is known */
      after?: number;
    };
    answer: ChatState;
  };
  /** Write a message in a chat on a website. Needs no credentials. */
  'POST /chat-visits/{token}/messages': {
    params: {
      token: string;
    };
    body: SendChatMessage;
    answer: ChatMessage;
  };
  /** Say in a chat how one can be reached. Needs no credentials. */
  'POST /chat-visits/{token}/contact': {
    params: {
      token: string;
    };
    body: ChatContact;
    answer: ChatContact;
  };
  /** Say up to which message one has read. Needs no credentials. */
  'POST /chat-visits/{token}/seen': {
    params: {
      token: string;
    };
    body: ChatSeen;
    answer: undefined;
  };
  /** Say that one is writing, on which page one is, that one leaves, or that one signed out of the own site. Needs no credentials. */
  'POST /chat-visits/{token}/presence': {
    params: {
      token: string;
    };
    body: ChatPresence;
    answer: undefined;
  };
  /** Send a picture, recording or document (multipart, part `file`, at most 20 MB), to be named in a message within the hour. Needs no credentials. */
  'POST /chat-visits/{token}/files': {
    params: {
      token: string;
    };
    form: {
      file: Blob;
    };
    answer: PortalUpload;
  };
  /** Download a file of a chat; takes Range. Needs no credentials. */
  'GET /chat-visits/{token}/files/{id}': {
    params: {
      token: string;
      /** UUIDv7 */
      id: string;
    };
    query?: {
      /** To be saved, also when it could be shown */
      download?: "1";
    };
    answer: Blob;
  };
  /** Download the thumbnail of an image of a chat. Needs no credentials. */
  'GET /chat-visits/{token}/files/{id}/thumbnail': {
    params: {
      token: string;
      /** UUIDv7 */
      id: string;
    };
    answer: Blob;
  };
  /** Follow a chat, as server-sent events; resumes by Last-Event-ID or `after`. Needs no credentials. */
  'GET /chat-visits/{token}/feed': {
    params: {
      token: string;
    };
    query?: {
      /** The place of the newest message that is known */
      after?: number;
    };
    answer: Events;
  };
}
