import { Type, type Static } from 'typebox';
import { Closed, Id, limits, Nullable, OneOf, Reference, Timestamp } from './common.ts';

/** How a customer, a place or an asset stands to a technician (指定方式): rather this one, only these, never this one. */
export const preferenceKinds = ['preferred', 'required', 'banned'] as const;
export type PreferenceKind = (typeof preferenceKinds)[number];

/** What a preference is of (指定对象). */
export const preferenceSubjects = ['customer', 'site', 'asset'] as const;
export type PreferenceSubject = (typeof preferenceSubjects)[number];

export const preferenceKindNames: Record<PreferenceKind, { zh: string; en: string }> = {
  preferred: { zh: '优先派', en: 'Preferred' },
  required: { zh: '只派', en: 'Nobody but' },
  banned: { zh: '不派', en: 'Not to be sent' },
};

export const preferenceLimits = { each: 50 } as const;

/** Whom a customer, a place or an asset wants, has to have, or does not accept (指定工程师). */
export const TechnicianPreference = Closed({
  id: Id, of: OneOf(preferenceSubjects), subjectId: Id, technician: Reference,
  kind: OneOf(preferenceKinds, { description: 'preferred: counts in the score; required: nobody but those who are required, by any of customer, site and asset each; banned: never' }),
  reason: Nullable(Type.String()), by: Nullable(Type.String({ description: 'Who entered it' })), createdAt: Timestamp,
}, { title: 'TechnicianPreference' });
export type TechnicianPreference = Static<typeof TechnicianPreference>;
export const TechnicianPreferences = Closed({ items: Type.Array(TechnicianPreference) }, { title: 'TechnicianPreferences' });

export const ListTechnicianPreferences = Closed({ of: OneOf(preferenceSubjects), subjectId: Id });
export const SetTechnicianPreference = Closed({
  of: OneOf(preferenceSubjects), subjectId: Id, staffId: Id, kind: OneOf(preferenceKinds),
  reason: Type.Optional(Nullable(Type.String({ maxLength: limits.reason }))),
}, { title: 'SetTechnicianPreference', description: 'What was said of the same technician before is replaced' });
export type SetTechnicianPreference = Static<typeof SetTechnicianPreference>;
