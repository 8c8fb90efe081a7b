import { createContext, useContext } from 'react';

/** What can lie over any page; a new ticket may start from a customer, an asset or a template. */
export type Overlay =
  | { kind: 'commands' }
  | { kind: 'keys' }
  | { kind: 'account' }
  | { kind: 'newTicket'; customer?: { id: string; name: string }; asset?: { id: string; code: string; name: string }; template?: string };

export type Overlays = { open: (overlay: Overlay) => void; close: () => void };

export const OverlayContext = createContext<Overlays | null>(null);

/** Opens what lies over the page: command bar, new ticket, account, keys. */
export function useOverlays(): Overlays {
  const overlays = useContext(OverlayContext);
  if (overlays === null) throw new Error('useOverlays is used outside OverlayProvider');
  return overlays;
}
