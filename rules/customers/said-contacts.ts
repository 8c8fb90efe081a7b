/** Numbers and addresses that somebody names in what they write (文中联系方式). */
export interface SaidContacts {
  phones: string[];
  emails: string[];
}

// Mobile numbers of mainland China, also written in groups; other numbers in a text are of orders, meters and rooms.
const mobile = /(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?![\d.]?\d)/g;
const address = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,20}(?![A-Za-z0-9-])/g;
const most = 20;

/** What of a text may be a contact of whoever wrote it: mobile numbers as digits, e-mail addresses in lower case; each once, at most twenty. */
export function contactsSaid(text: string): SaidContacts {
  const plain = text.normalize('NFKC');
  return {
    phones: [...new Set([...plain.matchAll(mobile)].map(([, a, b, c]) => `${a}${b}${c}`))].slice(0, most),
    emails: [...new Set([...plain.matchAll(address)].map(([found]) => found.toLowerCase()))].slice(0, most),
  };
}
