import { listOwnTickets } from './journey/closing/list-own-tickets.ts';
import { addProgressComment, confirmProgress, rateProgress, reopenProgress, showProgress } from './journey/closing/progress.ts';
import { listVisits } from './journey/fieldwork/list-visits.ts';
import { showVisit } from './journey/fieldwork/show-visit.ts';
import { takeVisitAction } from './journey/fieldwork/take-visit-action.ts';
import { showInsight } from './journey/insight/show-insight.ts';
import { createReport } from './journey/intake/create-report.ts';
import { createTicket } from './journey/intake/create-ticket.ts';
import { downloadFile, downloadThumbnail } from './journey/intake/download-file.ts';
import { downloadProgressFile, downloadProgressThumbnail } from './journey/intake/download-progress-file.ts';
import { showPortal, showScannedAsset } from './journey/intake/show-portal.ts';
import { uploadFile } from './journey/intake/upload-file.ts';
import { uploadPortalFile } from './journey/intake/upload-portal-file.ts';
import { addComment } from './journey/process/add-comment.ts';
import { listTickets } from './journey/process/list-tickets.ts';
import { revealContact } from './journey/process/reveal-contact.ts';
import { listActions, showTicket } from './journey/process/show-ticket.ts';
import { showTimeline } from './journey/process/show-timeline.ts';
import { takeAction } from './journey/process/take-action.ts';
import { updateTicket } from './journey/process/update-ticket.ts';
import { route, type Route } from './platform/http/use-case.ts';
import { showFeed, showProgressFeed } from './reactions/feed/show-feed.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './records/access/api-keys.ts';
import { changePassword } from './records/access/passwords.ts';
import { requestPhoneCode, signInByPhone } from './records/access/phone-codes.ts';
import { confirmSecondFactor, disableSecondFactor, startSecondFactor } from './records/access/session/second-factor.ts';
import { listSessions, revokeSession, showSession, signOut } from './records/access/session/sessions.ts';
import { signIn } from './records/access/session/sign-in.ts';
import { createAsset } from './records/asset/create-asset.ts';
import { listAssets } from './records/asset/list-assets.ts';
import { showAsset } from './records/asset/show-asset.ts';
import { createCustomer } from './records/customer/create-customer.ts';
import { listCustomers } from './records/customer/list-customers.ts';
import { showCustomer } from './records/customer/show-customer.ts';
import { createCategory } from './records/organization/create-category.ts';
import { createDepartment } from './records/organization/create-department.ts';
import { createRole } from './records/organization/create-role.ts';
import { createTeam } from './records/organization/create-team.ts';
import { listAudit } from './records/organization/list-audit.ts';
import { listCategories } from './records/organization/list-categories.ts';
import { listChannels } from './records/organization/list-channels.ts';
import { listDepartments } from './records/organization/list-departments.ts';
import { listRoles } from './records/organization/list-roles.ts';
import { listTeams } from './records/organization/list-teams.ts';
import { listTicketTypes } from './records/organization/list-ticket-types.ts';
import { createStaff } from './records/staff/create-staff.ts';
import { listStaff } from './records/staff/list-staff.ts';
import { showStaff } from './records/staff/show-staff.ts';
import { updateStaff } from './records/staff/update-staff.ts';

/** Every URL of the API: method, path, who may, what it does. */
export const routes: readonly Route[] = [
  // Who is asking
  route('POST', '/api/v1/session', 'public', signIn),
  route('GET', '/api/v1/session', 'maybe_signed_in', showSession),
  route('DELETE', '/api/v1/session', 'signed_in', signOut),
  route('GET', '/api/v1/sessions', 'session', listSessions),
  route('DELETE', '/api/v1/sessions/{id}', 'session', revokeSession),
  route('POST', '/api/v1/session/second-factor', 'session', startSecondFactor),
  route('POST', '/api/v1/session/second-factor/confirm', 'session', confirmSecondFactor),
  route('POST', '/api/v1/session/second-factor/disable', 'session', disableSecondFactor),
  route('POST', '/api/v1/session/password', 'session', changePassword),
  route('GET', '/api/v1/api-keys', 'api_key.manage', listApiKeys),
  route('POST', '/api/v1/api-keys', 'api_key.manage', createApiKey),
  route('DELETE', '/api/v1/api-keys/{id}', 'api_key.manage', revokeApiKey),

  // Tickets
  route('GET', '/api/v1/tickets', 'ticket.read', listTickets),
  route('POST', '/api/v1/tickets', 'ticket.create', createTicket),
  route('GET', '/api/v1/tickets/{id}', 'ticket.read', showTicket),
  route('PATCH', '/api/v1/tickets/{id}', 'ticket.update', updateTicket),
  route('GET', '/api/v1/tickets/{id}/timeline', 'ticket.read', showTimeline),
  route('POST', '/api/v1/tickets/{id}/comments', 'ticket.read', addComment),
  route('GET', '/api/v1/tickets/{id}/actions', 'ticket.read', listActions),
  route('POST', '/api/v1/tickets/{id}/actions/{action}', 'ticket.read', takeAction),
  route('POST', '/api/v1/tickets/{id}/reveal', 'personal_data.reveal', revealContact),

  // On-site visits
  route('GET', '/api/v1/visits', 'ticket.read', listVisits),
  route('GET', '/api/v1/visits/{id}', 'ticket.read', showVisit),
  route('POST', '/api/v1/visits/{id}/actions/{action}', 'visit.work', takeVisitAction),

  // Files
  route('POST', '/api/v1/files', 'signed_in', uploadFile),
  route('GET', '/api/v1/files/{id}', 'signed_in', downloadFile),
  route('GET', '/api/v1/files/{id}/thumbnail', 'signed_in', downloadThumbnail),

  // Records
  route('GET', '/api/v1/departments', 'organization.read', listDepartments),
  route('POST', '/api/v1/departments', 'organization.write', createDepartment),
  route('GET', '/api/v1/teams', 'organization.read', listTeams),
  route('POST', '/api/v1/teams', 'organization.write', createTeam),
  route('GET', '/api/v1/staff', 'organization.read', listStaff),
  route('POST', '/api/v1/staff', 'organization.write', createStaff),
  route('GET', '/api/v1/staff/{id}', 'organization.read', showStaff),
  route('PATCH', '/api/v1/staff/{id}', 'organization.write', updateStaff),
  route('GET', '/api/v1/roles', 'organization.read', listRoles),
  route('POST', '/api/v1/roles', 'organization.write', createRole),
  route('GET', '/api/v1/categories', 'signed_in', listCategories),
  route('POST', '/api/v1/categories', 'settings.write', createCategory),
  route('GET', '/api/v1/ticket-types', 'signed_in', listTicketTypes),
  route('GET', '/api/v1/channels', 'organization.read', listChannels),
  route('GET', '/api/v1/customers', 'customer.read', listCustomers),
  route('POST', '/api/v1/customers', 'customer.write', createCustomer),
  route('GET', '/api/v1/customers/{id}', 'customer.read', showCustomer),
  route('GET', '/api/v1/assets', 'asset.read', listAssets),
  route('POST', '/api/v1/assets', 'asset.write', createAsset),
  route('GET', '/api/v1/assets/{id}', 'asset.read', showAsset),
  route('GET', '/api/v1/audit', 'audit.read', listAudit),

  // What it all amounts to, and what happens now
  route('GET', '/api/v1/insight/{measure}', 'insight.read', showInsight),
  route('GET', '/api/v1/feed', 'signed_in', showFeed),

  // Customers
  route('GET', '/api/v1/portal/{org}', 'portal', showPortal),
  route('POST', '/api/v1/portal/{org}/files', 'portal', uploadPortalFile),
  route('POST', '/api/v1/portal/{org}/reports', 'portal', createReport),
  route('POST', '/api/v1/portal/{org}/codes', 'portal', requestPhoneCode),
  route('POST', '/api/v1/portal/{org}/session', 'portal', signInByPhone),
  route('GET', '/api/v1/portal/{org}/tickets', 'customer', listOwnTickets),
  route('GET', '/api/v1/scan/{token}', 'scan', showScannedAsset),
  route('GET', '/api/v1/progress/{token}', 'link', showProgress),
  route('POST', '/api/v1/progress/{token}/comments', 'link', addProgressComment),
  route('POST', '/api/v1/progress/{token}/confirm', 'link', confirmProgress),
  route('POST', '/api/v1/progress/{token}/reopen', 'link', reopenProgress),
  route('POST', '/api/v1/progress/{token}/rating', 'link', rateProgress),
  route('POST', '/api/v1/progress/{token}/files', 'link', uploadPortalFile),
  route('GET', '/api/v1/progress/{token}/files/{id}', 'link', downloadProgressFile),
  route('GET', '/api/v1/progress/{token}/files/{id}/thumbnail', 'link', downloadProgressThumbnail),
  route('GET', '/api/v1/progress/{token}/feed', 'link', showProgressFeed),
];
