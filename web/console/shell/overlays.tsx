import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import { OverlayContext, type Overlay, type Overlays } from './overlay-context.ts';

const commandBar = () => import('./command-bar.tsx');
const CommandBar = lazy(async () => ({ default: (await commandBar()).CommandBar }));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));
const NewTicketDrawer = lazy(async () => ({ default: (await import('../new-ticket/new-ticket-drawer.tsx')).NewTicketDrawer }));
const AccountDrawer = lazy(async () => ({ default: (await import('../account/account-drawer.tsx')).AccountDrawer }));

/** Holds the one overlay that is open (浮层), over whatever page. */
export function OverlayProvider({ children }: { children: ReactNode }) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const overlays = useMemo<Overlays>(() => ({ open: setOverlay, close: () => setOverlay(null) }), []);
  useEffect(() => {
    // Whoever types on at once behind Ctrl K finds it open: it is fetched while there is nothing else to do.
    const timer = setTimeout(() => void commandBar().catch(() => undefined), 1500);
    return () => clearTimeout(timer);
  }, []);
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
