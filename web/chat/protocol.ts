/** What the page that holds the chat and the chat in its frame say to each other (宿主页消息), by postMessage. */
export type ToFrame =
  | { bihuan: 'hello'; page: PageOf; user: UserOf | null; language: string | null; theme: string | null; open: boolean }
  | { bihuan: 'page'; page: PageOf }
  | { bihuan: 'shown' | 'hidden' };
export type ToHost =
  | { bihuan: 'ready' | 'close' }
  | { bihuan: 'unread'; count: number }
  /** There is a visit that goes on, so that the frame is loaded with the next page as well. */
  | { bihuan: 'visit'; going: boolean };

export interface PageOf { url: string; title: string; referrer: string }
/** A user of the own site, with the site's signature over `id.at`; `at` in seconds since 1970. */
export interface UserOf { id: string; at: number; signature: string; name?: string; email?: string; phone?: string }
