import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { staffSorts } from '../../contract/record-sorts.ts';
import { Shell } from './shell/shell.tsx';
import { NotFound, PageFailed, PagePending } from './shell/page-states.tsx';
import { readBoardSearch } from './board/board-search.ts';
import { readDispatchSearch } from './dispatch/board/search.ts';
import { readQueueSearch } from './queue/queue-search.ts';
import { readSearchAddress } from './search/search-address.ts';
import { readRecordSearch } from './parts/record-search.ts';
import { accountTabs, assetTabs, customerTabs, readAccountsSearch, readAssetsSearch, readCustomersSearch, readTab } from './customers/search.ts';
import { readImportsSearch, readWizardSearch } from './imports/search.ts';

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
const dispatch = createRoute({
  getParentRoute: () => root,
  path: '/dispatch',
  validateSearch: readDispatchSearch,
  component: lazyRouteComponent(() => import('./dispatch/board/dispatch-page.tsx'), 'DispatchPage'),
});
const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: readCustomersSearch,
  // Links of earlier days name the customer behind the question mark.
  beforeLoad: ({ search: { id } }) => {
    if (id !== undefined) throw redirect({ to: '/customers/$id', params: { id }, search: {}, replace: true });
  },
  component: lazyRouteComponent(() => import('./customers/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$id',
  validateSearch: readTab(customerTabs),
  component: lazyRouteComponent(() => import('./customers/customer-page.tsx'), 'CustomerPage'),
});
const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  validateSearch: readAccountsSearch,
  component: lazyRouteComponent(() => import('./accounts/accounts-page.tsx'), 'AccountsPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/accounts/$id',
  validateSearch: readTab(accountTabs),
  component: lazyRouteComponent(() => import('./accounts/account-page.tsx'), 'AccountPage'),
});
const asset = createRoute({
  getParentRoute: () => root,
  path: '/assets/$id',
  validateSearch: readTab(assetTabs),
  component: lazyRouteComponent(() => import('./assets/asset-page.tsx'), 'AssetPage'),
});
const imports = createRoute({
  getParentRoute: () => root,
  path: '/imports',
  validateSearch: readImportsSearch,
  component: lazyRouteComponent(() => import('./imports/imports-page.tsx'), 'ImportsPage'),
});
const importWizard = createRoute({
  getParentRoute: () => root,
  path: '/imports/new',
  validateSearch: readWizardSearch,
  component: lazyRouteComponent(() => import('./imports/import-wizard.tsx'), 'ImportWizard'),
});
const importJob = createRoute({
  getParentRoute: () => root,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('./imports/import-page.tsx'), 'ImportPage'),
});
const calls = createRoute({ getParentRoute: () => root, path: '/calls', component: lazyRouteComponent(() => import('./calls/calls-page.tsx'), 'CallsPage') });
const assets = createRoute({
  getParentRoute: () => root,
  path: '/assets',
  validateSearch: readAssetsSearch,
  beforeLoad: ({ search: { id } }) => {
    if (id !== undefined) throw redirect({ to: '/assets/$id', params: { id }, search: {}, replace: true });
  },
  component: lazyRouteComponent(() => import('./assets/assets-page.tsx'), 'AssetsPage'),
});
const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: readRecordSearch(staffSorts),
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
});
const designer = createRoute({
  getParentRoute: () => root,
  path: '/settings/types/$typeId',
  component: lazyRouteComponent(() => import('./settings/types/designer-page.tsx'), 'DesignerPage'),
});
const automationRule = createRoute({
  getParentRoute: () => root,
  path: '/settings/automation/$ruleId',
  component: lazyRouteComponent(() => import('./automation/rule-page.tsx'), 'RulePage'),
});
const slaPolicy = createRoute({
  getParentRoute: () => root,
  path: '/settings/sla/$policyId',
  component: lazyRouteComponent(() => import('./sla/policy-page.tsx'), 'PolicyPage'),
});
const slaSimulation = createRoute({
  getParentRoute: () => root,
  path: '/settings/sla/simulation',
  validateSearch: (search: Record<string, unknown>): { rule?: string; flow?: string } => ({ ...(typeof search['rule'] === 'string' ? { rule: search['rule'] } : {}), ...(typeof search['flow'] === 'string' ? { flow: search['flow'] } : {}) }),
  component: lazyRouteComponent(() => import('./sla/simulation-page.tsx'), 'SimulationPage'),
});
const businessCalendar = createRoute({
  getParentRoute: () => root,
  path: '/settings/calendars/$calendarId',
  component: lazyRouteComponent(() => import('./sla/calendar-page.tsx'), 'CalendarPage'),
});
const breaches = createRoute({ getParentRoute: () => root, path: '/breaches', component: lazyRouteComponent(() => import('./sla/breaches-page.tsx'), 'BreachesPage') });
const tasks = createRoute({ getParentRoute: () => root, path: '/tasks', component: lazyRouteComponent(() => import('./tasks/tasks-page.tsx'), 'TasksPage') });
const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications/{-$part}',
  component: lazyRouteComponent(() => import('./notifications/notifications-page.tsx'), 'NotificationsPage'),
});
const flowDesigner = createRoute({
  getParentRoute: () => root,
  path: '/settings/flows/$flowId/{-$part}',
  component: lazyRouteComponent(() => import('./flows/flow-page.tsx'), 'FlowPage'),
});
const channel = createRoute({
  getParentRoute: () => root,
  path: '/settings/channels/$channelId/{-$part}',
  component: lazyRouteComponent(() => import('./channels/channel-page.tsx'), 'ChannelPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/{-$section}',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** The console's pages (页面), each a chunk of its own, fetched when the pointer nears its link. */
export const router = createRouter({
  routeTree: root.addChildren([home, bench, queue, search, ticket, board, dispatch, customers, customer, accounts, account, assets, asset, calls, imports, importWizard, importJob, people, designer, automationRule, slaPolicy, slaSimulation, businessCalendar, breaches, flowDesigner, channel, settings, notifications, tasks]),
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
