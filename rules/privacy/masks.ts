/**
 * Masks of personal data (个人信息脱敏): what of a phone number, an e-mail address, an ID number or another identifier
 * people get to see. A policy says it by kind of datum and by role; whoever holds several roles sees the most that one
 * of them allows.
 */

/** The kinds of personal data a policy tells apart. `identifier`: openid, unionid and the like; `sensitive`: custom fields marked so. */
export const personalData = ['phone', 'email', 'id_number', 'identifier', 'sensitive'] as const;
export type PersonalDatum = (typeof personalData)[number];

/** hidden: nothing 不可见; masked: 138****5678 脱敏; raw: all of it 完整. From the least to the most. */
export const maskLevels = ['hidden', 'masked', 'raw'] as const;
export type MaskLevel = (typeof maskLevels)[number];

/** What an organization decided (脱敏策略): for each kind of datum what everybody sees, and what some roles see instead. */
export interface MaskPolicy {
  data: { readonly [Datum in PersonalDatum]: { readonly everybody: MaskLevel; readonly roles: Readonly<Record<string, MaskLevel>> } };
  /** How many masked data a person may have revealed within an hour. */
  revealsPerHour: number;
}

/** Masked for everybody, and 60 reveals an hour. */
export const standardMaskPolicy: MaskPolicy = {
  data: {
    phone: { everybody: 'masked', roles: {} }, email: { everybody: 'masked', roles: {} }, id_number: { everybody: 'masked', roles: {} },
    identifier: { everybody: 'masked', roles: {} }, sensitive: { everybody: 'masked', roles: {} },
  },
  revealsPerHour: 60,
};

/** What somebody with these roles sees of each kind of datum. A role that the policy does not name sees what everybody does. */
export function maskLevelsOf(policy: MaskPolicy, roleIds: readonly string[]): Record<PersonalDatum, MaskLevel> {
  return Object.fromEntries(personalData.map((datum) => {
    const { everybody, roles } = policy.data[datum];
    const given = roleIds.map((id) => (Object.hasOwn(roles, id) ? roles[id]! : everybody));
    return [datum, given.length === 0 ? everybody : given.reduce(more)];
  })) as Record<PersonalDatum, MaskLevel>;
}

const more = (a: MaskLevel, b: MaskLevel): MaskLevel => (maskLevels.indexOf(a) >= maskLevels.indexOf(b) ? a : b);

/** A datum as a level shows it: all, masked, or null. */
export function showAt(level: MaskLevel, datum: PersonalDatum, value: string | null): string | null {
  if (value === null || level === 'hidden') return null;
  return level === 'raw' ? value : masked(datum, value);
}

/** A datum with its telling part hidden. */
export function masked(datum: PersonalDatum, value: string): string {
  switch (datum) {
    case 'phone': return maskPhoneNumber(value);
    case 'email': return maskEmailAddress(value);
    case 'id_number': return maskIdNumber(value);
    case 'identifier': return maskIdentifier(value);
    case 'sensitive': return '******';
  }
}

/** A phone number with its middle hidden: 138****5678; short ones keep only their end. */
export function maskPhoneNumber(phone: string): string {
  if (phone.length >= 11) return `${phone.slice(0, phone.length - 8)}****${phone.slice(-4)}`;
  return phone.length > 4 ? `****${phone.slice(-3)}` : '****';
}

/** An e-mail address with its name hidden: z***@example.com. */
export function maskEmailAddress(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${[...email][0]}***${email.slice(at)}`;
}

/** An ID number with all but its first three and last four places hidden: 330***********1234; short ones keep their end only. */
export function maskIdNumber(number: string): string {
  const characters = [...number];
  if (characters.length >= 12) return `${characters.slice(0, 3).join('')}${'*'.repeat(characters.length - 7)}${characters.slice(-4).join('')}`;
  return characters.length > 5 ? `${'*'.repeat(characters.length - 2)}${characters.slice(-2).join('')}` : '*'.repeat(Math.max(4, characters.length));
}

/** An openid or another name that a machine gave: oAb3****9k. */
export function maskIdentifier(value: string): string {
  const characters = [...value];
  return characters.length >= 10 ? `${characters.slice(0, 4).join('')}****${characters.slice(-2).join('')}` : '****';
}
