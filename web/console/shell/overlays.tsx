import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react';

const CommandBar = lazy(async () => ({ default: (await import('./command-bar.tsx')).CommandBar }));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));
const NewTicketDrawer = lazy(async () => ({ default: (await import('../new-ticket/new-ticket-drawer.tsx')).NewTicketDrawer }));
const AccountDrawer = lazy(async () => ({ default: (await import('../account/account-drawer.tsx')).AccountDrawer }));

/** What can lie over any page; a new ticket may start from a customer or an asset. */
export type Overlay =
  | { kind: 'commands' }
  | { kind: 'keys' }
  | { kind: 'account' }
  | { kind: 'newTicket'; customer?: { id: string; name: string }; asset?: { id: string; code: string; name: string } };

type Overlays = { open: (overlay: Overlay) => void; close: () => void };

const OverlayContext = createContext<Overlays | null>(null);

/** Opens what lies over the page: command bar, new ticket, account, keys. */
export function useOverlays(): Overlays {
  const overlays = useContext(OverlayContext);
  if (overlays === null) throw new Error('useOverlays is used outside OverlayProvider');
  return overlays;
}

export function OverlayProvider({ children }: { children: ReactNode }) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const overlays = useMemo<Overlays>(() => ({ open: setOverlay, close: () => setOverlay(null) }), []);
  return (
    <OverlayContext value={overlays}>
      {children}
      <Suspense>
        {overlay?.kind === 'commands' && <CommandBar />}
        {overlay?.kind === 'keys' && <KeysHelp />}
        {overlay?.kind === 'newTicket' && <NewTicketDrawer customer={overlay.customer} asset={overlay.asset} />}
        {overlay?.kind === 'account' && <AccountDrawer />}
      </Suspense>
    </OverlayContext>
  );
}
