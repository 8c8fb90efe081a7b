import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Shell } from './shell/shell.tsx';
import { NotFound, PageFailed, PagePending } from './shell/page-states.tsx';
import { readBoardSearch } from './board/board-search.ts';
import { readQueueSearch } from './queue/queue-search.ts';
import { readSearchAddress } from './search/search-address.ts';
import { readRecordSearch } from './parts/record-search.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/bench', replace: true });
  },
});
const bench = createRoute({ getParentRoute: () => root, path: '/bench', component: lazyRouteComponent(() => import('./bench/bench-page.tsx'), 'BenchPage') });
const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import('./queue/queue-page.tsx'), 'QueuePage'),
});
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: readSearchAddress,
  component: lazyRouteComponent(() => import('./search/search-page.tsx'), 'SearchPage'),
});
const ticket = createRoute({ getParentRoute: () => root, path: '/tickets/$number', component: lazyRouteComponent(() => import('./ticket/ticket-page.tsx'), 'TicketPage') });
const board = createRoute({
  getParentRoute: () => root,
  path: '/board',
  validateSearch: readBoardSearch,
  component: lazyRouteComponent(() => import('./board/board-page.tsx'), 'BoardPage'),
});
const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('./customers/customers-page.tsx'), 'CustomersPage'),
});
const assets = createRoute({
  getParentRoute: () => root,
  path: '/assets',
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('./assets/assets-page.tsx'), 'AssetsPage'),
});
const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
});
const designer = createRoute({
  getParentRoute: () => root,
  path: '/settings/types/$typeId',
  component: lazyRouteComponent(() => import('./settings/types/designer-page.tsx'), 'DesignerPage'),
});
const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications/{-$part}',
  component: lazyRouteComponent(() => import('./notifications/notifications-page.tsx'), 'NotificationsPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/{-$section}',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** The console's pages (页面), each a chunk of its own, fetched when the pointer nears its link. */
export const router = createRouter({
  routeTree: root.addChildren([home, bench, queue, search, ticket, board, customers, assets, people, designer, settings, notifications]),
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
