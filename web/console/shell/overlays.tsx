import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { OverlayContext, type Overlay, type Overlays } from './overlay-context.ts';

const CommandBar = lazy(async () => ({ default: (await import('./command-bar.tsx')).CommandBar }));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));
const NewTicketDrawer = lazy(async () => ({ default: (await import('../new-ticket/new-ticket-drawer.tsx')).NewTicketDrawer }));
const AccountDrawer = lazy(async () => ({ default: (await import('../account/account-drawer.tsx')).AccountDrawer }));

/** Holds the one overlay that is open (浮层), over whatever page. */
export function OverlayProvider({ children }: { children: ReactNode }) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const overlays = useMemo<Overlays>(() => ({ open: setOverlay, close: () => setOverlay(null) }), []);
  return (
    <OverlayContext value={overlays}>
      {children}
      <Suspense>
        {overlay?.kind === 'commands' && <CommandBar />}
        {overlay?.kind === 'keys' && <KeysHelp />}
        {overlay?.kind === 'newTicket' && <NewTicketDrawer key={overlay.template} customer={overlay.customer} asset={overlay.asset} template={overlay.template} />}
        {overlay?.kind === 'account' && <AccountDrawer />}
      </Suspense>
    </OverlayContext>
  );
}
