import { listOwnTickets } from './journey/closing/list-own-tickets.ts';
import { addProgressComment, chooseProgressNews, confirmProgress, rateProgress, reopenProgress, showProgress } from './journey/closing/progress.ts';
import { downloadReceipt, downloadReport } from './journey/fieldwork/report/download-report.ts';
import { listVisits } from './journey/fieldwork/list-visits.ts';
import { showVisit } from './journey/fieldwork/show-visit.ts';
import { findFieldAsset } from './journey/fieldwork/find-asset.ts';
import { sendPositions } from './journey/fieldwork/send-positions.ts';
import { showFigures } from './journey/fieldwork/show-figures.ts';
import { showPositions, showTrack } from './journey/fieldwork/show-positions.ts';
import { syncCommands } from './journey/fieldwork/sync-commands.ts';
import { takeVisitAction } from './journey/fieldwork/take-visit-action.ts';
import { showInsight } from './journey/insight/show-insight.ts';
import { createReport } from './journey/intake/create-report.ts';
import { showVisitFeed } from './journey/intake/chat/visit-feed.ts';
import { downloadVisitFile, downloadVisitThumbnail, uploadVisitFile } from './journey/intake/chat/visit-files.ts';
import { leaveContact, markChatPresence, markChatSeen, openVisit, sendChatMessage, showChat, showChatWindow } from './journey/intake/chat/visits.ts';
import { createTicket } from './journey/intake/create-ticket.ts';
import { downloadFile, downloadThumbnail } from './journey/intake/download-file.ts';
import { downloadProgressFile, downloadProgressThumbnail } from './journey/intake/download-progress-file.ts';
import { createImport, previewImport } from './journey/intake/import/create-import.ts';
import { downloadImportTemplate, listImportKinds } from './journey/intake/import/list-kinds.ts';
import { showPortal, showPortalCategories, showScanned } from './journey/intake/show-portal.ts';
import { beginUpload } from './journey/intake/uploads/begin-upload.ts';
import { continueUpload } from './journey/intake/uploads/continue-upload.ts';
import { endUpload } from './journey/intake/uploads/end-upload.ts';
import { showUpload } from './journey/intake/uploads/show-upload.ts';
import { uploadFile } from './journey/intake/upload-file.ts';
import { uploadPortalFile, uploadProgressFile } from './journey/intake/upload-portal-file.ts';
import { addComment } from './journey/process/add-comment.ts';
import { addChecklistItems, orderChecklist, removeChecklistItem, showChecklist, updateChecklistItem } from './journey/process/checklist.ts';
import { addLink, listLinks, removeLink } from './journey/process/links.ts';
import { applyMacroToTicket } from './journey/process/apply-macro.ts';
import { delegateTicket, endDelegation, listHelpers } from './journey/process/delegate-ticket.ts';
import { holdReply, listAllHeldReplies, listHeldReplies, takeBackReply } from './journey/process/hold-reply.ts';
import { markPresence } from './journey/process/mark-presence.ts';
import { exportTickets } from './journey/process/export-tickets.ts';
import { listTickets, searchTickets } from './journey/process/list-tickets.ts';
import { cancelBulkRun, listBulkResults, listBulkRuns, runBulk, showBulkRun } from './journey/process/run-bulk.ts';
import { mergeTickets } from './journey/process/merge-ticket.ts';
import { revealContact } from './journey/process/reveal-contact.ts';
import { cancelFlow, listFlowInstances, retryFlow, showFlowInstance, showTicketFlow, startTicketFlow } from './journey/process/flow/instances.ts';
import { countTasks, listTasks, showTask } from './journey/process/flow/list-tasks.ts';
import { migrateFlow, previewMigration } from './journey/process/flow/move.ts';
import { takeTaskAction } from './journey/process/flow/take-task-action.ts';
import { listActions, showTicket } from './journey/process/show-ticket.ts';
import { showDispatchWeights, updateDispatchWeights } from './records/dispatch/change-weights.ts';
import { listTechnicianPreferences, removeTechnicianPreference, setTechnicianPreference } from './records/dispatch/preferences/change-preferences.ts';
import { declineOffer } from './journey/dispatch/offers/decline-offer.ts';
import { listOffers } from './journey/dispatch/offers/list-offers.ts';
import { openOffer } from './journey/dispatch/offers/open-offer.ts';
import { listDispatchedOffers, showTicketOffers } from './journey/dispatch/offers/show-offers.ts';
import { takeOffer } from './journey/dispatch/offers/take-offer.ts';
import { withdrawOffer } from './journey/dispatch/offers/withdraw-offer.ts';
import { showDispatchRules, updateDispatchRules } from './records/dispatch/change-rules.ts';
import { createTerritory, listTerritories, updateTerritory } from './records/dispatch/territories/change-territories.ts';
import { evaluateDraft } from './journey/dispatch/day/evaluate-draft.ts';
import { listUnplanned } from './journey/dispatch/day/list-unplanned.ts';
import { applyDayPlan } from './journey/dispatch/day/plans/apply-plan.ts';
import { requestPlan, requestReplan } from './journey/dispatch/day/plans/request-plan.ts';
import { listDayPlans, showDayPlan } from './journey/dispatch/day/plans/show-plans.ts';
import { withdrawDayPlan } from './journey/dispatch/day/plans/withdraw-plan.ts';
import { saveDayDraft } from './journey/dispatch/day/save-draft.ts';
import { showDay } from './journey/dispatch/day/show-day.ts';
import { showDispatchModes, updateDispatchModes } from './records/dispatch/change-modes.ts';
import { previewDispatchWeights } from './journey/dispatch/preview-weights.ts';
import { changeVisitMembers } from './journey/dispatch/change-members.ts';
import { chooseAppointment, chooseProgressAppointment, showAppointment, showProgressAppointment, withdrawAppointment } from './journey/dispatch/appointments/choose.ts';
import { tryTravel } from './journey/dispatch/travel/try-travel.ts';
import { showTravelSetting, updateTravelSetting } from './records/travel/setting.ts';
import { showAppointmentSetting, updateAppointmentSetting } from './records/dispatch/appointments/setting.ts';
import { readCalendar } from './journey/dispatch/read-calendar.ts';
import { createCalendarFeed, revokeCalendarFeed, showCalendarFeed } from './records/dispatch/calendar-feed.ts';
import { proposeTechnicians } from './journey/dispatch/propose-technicians.ts';
import { gatherTickets } from './journey/intake/gather-tickets.ts';
import { keepTicketsApart, listLikeTickets, listMergeCandidates } from './journey/process/list-merge-candidates.ts';
import { searchEverything } from './journey/process/search-everything.ts';
import { showTimeline } from './journey/process/show-timeline.ts';
import { closeSideConversation, listSideConversations, listSideMessages, listTicketSideConversations, openSideConversation, reopenSideConversation, replyInSideConversation, showSideConversation } from './journey/process/side-conversations.ts';
import { showTicketVisitor } from './journey/process/show-ticket-visitor.ts';
import { splitTicket } from './journey/process/split-ticket.ts';
import { takeAction } from './journey/process/take-action.ts';
import { unmergeTicket } from './journey/process/unmerge-ticket.ts';
import { updateTicket } from './journey/process/update-ticket.ts';
import { verifyHistory } from './journey/process/verify-history.ts';
import { route, type Route } from './platform/http/use-case.ts';
import { retryAutomationRun } from './reactions/automation/retry-run.ts';
import { tryAutomationRule } from './reactions/automation/try-rule.ts';
import { showFeed, showProgressFeed } from './reactions/feed/show-feed.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './records/access/api-keys.ts';
import { changePassword } from './records/access/passwords.ts';
import { requestPhoneCode, signInByPhone } from './records/access/phone-codes.ts';
import { confirmSecondFactor, disableSecondFactor, startSecondFactor } from './records/access/session/second-factor.ts';
import { listSessions, revokeSession, showSession, signOut } from './records/access/session/sessions.ts';
import { signIn } from './records/access/session/sign-in.ts';
import { signOutCustomer } from './records/access/session/sign-out-customer.ts';
import { createAccount, showAccount, updateAccount } from './records/account/change-account.ts';
import { listAccounts } from './records/account/list-accounts.ts';
import { showAccountTimeline } from './records/account/show-account-timeline.ts';
import { createSite, listSites, revealSite, updateSite } from './records/account/sites.ts';
import { createAsset } from './records/asset/create-asset.ts';
import { listAssets } from './records/asset/list-assets.ts';
import { printLabels, printSiteLabels, showLabel } from './records/asset/print-labels.ts';
import { showAsset, showAssetTimeline } from './records/asset/show-asset.ts';
import { updateAsset } from './records/asset/update-asset.ts';
import { createAutomationRule, orderAutomationRules, publishAutomationRule, restoreAutomationRule, updateAutomationRule } from './records/automation/change-rules.ts';
import { previewAutomationRule } from './records/automation/preview-rule.ts';
import { createCalendar, publishCalendar, restoreCalendar, updateCalendar } from './records/calendar/change-calendars.ts';
import { listCalendarVersions, listCalendars, listHolidaySources, readIcalendarFile, showCalendar } from './records/calendar/read-calendars.ts';
import { createPolicy, orderPolicies, publishPolicy, restorePolicy, updatePolicy } from './records/sla/change-policies.ts';
import { listBreaches, summarizeBreaches } from './records/sla/list-breaches.ts';
import { listPolicies, listPolicyVersions, showPolicy } from './records/sla/read-policies.ts';
import { explainBreach, showTicketClocks } from './records/sla/show-clocks.ts';
import { cancelSimulation, listSimulations, requestSimulation, showSimulation } from './records/sla/simulations.ts';
import { showLlmSetting, updateLlmSetting } from './records/llm/llm-setting.ts';
import { listAutomationRules, listAutomationRuleVersions, showAutomationRule } from './records/automation/read-rules.ts';
import { listAutomationCalls, listAutomationRuns } from './records/automation/runs.ts';
import { changeAutomationSigning, showAutomationSigning } from './records/automation/signing.ts';
import { addContactPoint, removeContactPoint, updateContactPoint, verifyContactPoint } from './records/customer/contact-points/change-contact-points.ts';
import { createCustomer } from './records/customer/create-customer.ts';
import { listCustomers } from './records/customer/list-customers.ts';
import { listCustomerConversations } from './records/customer/list-conversations.ts';
import { keepCustomersApart, listDuplicates } from './records/customer/merge/list-duplicates.ts';
import { mergeCustomer, unmergeCustomer } from './records/customer/merge/merge-customer.ts';
import { addCustomerNote, listCustomerNotes, removeCustomerNote, updateCustomerNote } from './records/customer/notes/notes.ts';
import { revealContactPoint, revealCustomer } from './records/customer/personal-data/reveal-customer.ts';
import { showMasks } from './records/customer/personal-data/show-masks.ts';
import { updateMasks } from './records/customer/personal-data/update-masks.ts';
import { showCustomer } from './records/customer/show-customer.ts';
import { showCustomerTimeline } from './records/customer/show-customer-timeline.ts';
import { createCustomerTier, listCustomerTiers, updateCustomerTier } from './records/customer/tiers.ts';
import { updateCustomer } from './records/customer/update-customer.ts';
import { downloadImportResult } from './records/import/download-result.ts';
import { cancelImport, listImportIssues, listImports, showImport } from './records/import/list-imports.ts';
import { showNewsSettings, updateNewsSettings } from './records/news/settings.ts';
import { listNoticeAccounts, showNoticeAccount, updateNoticeAccount } from './records/notice/accounts.ts';
import { confirmNoticeAddress, removeNoticeAddress, setNoticeAddress } from './records/notice/addresses.ts';
import { acknowledgeNotification, listNoticeDeliveries, listNotificationDeliveries, retryNoticeDelivery, showNoticeDelivery, testNoticeAccount } from './records/notice/deliveries.ts';
import { addNoticeDevice, removeNoticeDevice } from './records/notice/devices.ts';
import { showNoticePolicy, updateNoticePolicy } from './records/notice/policy.ts';
import { showNoticeSettings, updateNoticeSettings } from './records/notice/settings.ts';
import { listNoticeTemplates, previewNoticeTemplate, publishNoticeTemplate, showNoticeTemplate, updateNoticeTemplate } from './records/notice/templates.ts';
import { createCategory } from './records/organization/create-category.ts';
import { createDepartment } from './records/organization/create-department.ts';
import { createRole } from './records/organization/create-role.ts';
import { createTeam } from './records/organization/create-team.ts';
import { createTicketType } from './records/organization/create-ticket-type.ts';
import { exportAudit } from './records/organization/export-audit.ts';
import { checkFormDraft, discardFormDraft, showFormDraft, updateFormDraft } from './records/organization/form-draft.ts';
import { compareFormVersions, listFormVersions, showFormVersion } from './records/organization/form-versions.ts';
import { importCategories } from './records/organization/import-categories.ts';
import { listAudit } from './records/organization/list-audit.ts';
import { listCategories, showCategory } from './records/organization/list-categories.ts';
import { dialCall } from './journey/intake/dial-call.ts';
import { openCallTicket } from './journey/intake/open-for-caller.ts';
import { playRecording } from './journey/intake/play-recording.ts';
import { listHotlineCases, retryHotlineReport, skipHotlineReport, takeHotlineAction } from './journey/process/hotline-cases.ts';
import { updateCall } from './records/call/change-call.ts';
import { showPhoneLine, showTelephone, updatePhoneLine } from './records/call/phone-lines.ts';
import { listCalls, showCall } from './records/call/read-calls.ts';
import { listColleagues, showSoftphone, softphoneWire } from './records/call/softphone.ts';
import { showSpeechSetting, updateSpeechSetting } from './records/call/speech-setting.ts';
import { showHotlineCodes, updateHotlineCodes } from './records/hotline/codes.ts';
import { showIntakeSetting, updateIntakeSetting } from './records/completion/intake-setting.ts';
import { createConnector, listConnectors, showConnector, updateConnector } from './records/connector/change-connector.ts';
import { askConnectorAgain, confirmTicketGuesses } from './journey/intake/completion/confirm-guesses.ts';
import { extractText } from './journey/intake/completion/extract-text.ts';
import { tryConnector } from './journey/intake/completion/try-connector.ts';
import { createChannel, showChannel, updateChannel } from './records/channel/change-channel.ts';
import { settleDelivery, showReplyRoute } from './journey/process/reply-route.ts';
import { listInbox, showMessage } from './records/channel/inbox-messages.ts';
import { downloadMessage } from './journey/intake/download-message.ts';
import { settleMessages, settleQuarantined } from './journey/intake/settle-quarantined.ts';
import { addGrants } from './journey/intake/take-grants.ts';
import { tryMapping } from './journey/intake/try-mapping.ts';
import { showMap } from './records/organization/show-map.ts';
import { listChannels } from './records/organization/list-channels.ts';
import { listDepartments, showDepartment } from './records/organization/list-departments.ts';
import { listRoles, showRole } from './records/organization/list-roles.ts';
import { listTeams, showTeam } from './records/organization/list-teams.ts';
import { listTicketTypes, showTicketType } from './records/organization/list-ticket-types.ts';
import { showOrganization, updateOrganization } from './records/organization/organization.ts';
import { publishForm, restoreForm } from './records/organization/publish-form.ts';
import { exportBpmn, importBpmn } from './records/flow/exchange-bpmn.ts';
import { createFlow, listFlows, showFlow, updateFlow } from './records/flow/flows.ts';
import { testFlow } from './records/flow/test-flow.ts';
import { checkFlowDraft, discardFlowDraft, listFlowVersions, publishFlow, restoreFlow, showFlowDraft, showFlowVersion, updateFlowDraft } from './records/flow/versions.ts';
import { createTicketStatus, listTicketStatuses, showTicketStatus, updateTicketStatus } from './records/organization/ticket-statuses.ts';
import { createTicketTemplate, listTicketTemplates, showTicketTemplate, updateTicketTemplate } from './records/organization/ticket-templates.ts';
import { updateCategory } from './records/organization/update-category.ts';
import { updateDepartment } from './records/organization/update-department.ts';
import { updateRole } from './records/organization/update-role.ts';
import { updateTeam } from './records/organization/update-team.ts';
import { updateTicketType } from './records/organization/update-ticket-type.ts';
import { cancelAbsence, changeAbsence, listAbsences, planAbsence, showAbsence } from './records/desk/absence/absences.ts';
import { createCannedReply, updateCannedReply } from './records/desk/canned-reply/change-canned-replies.ts';
import { listCannedReplies } from './records/desk/canned-reply/list-canned-replies.ts';
import { renderCannedReply, showCannedReply } from './records/desk/canned-reply/use-canned-reply.ts';
import { deleteDraft, listDrafts, saveDraft } from './records/desk/draft/drafts.ts';
import { createMacro, updateMacro } from './records/desk/macro/change-macros.ts';
import { listMacros, listMacroVersions, showMacro } from './records/desk/macro/read-macros.ts';
import { countNotifications, listNotifications, markNotificationRead, markNotificationsRead } from './records/desk/notification/notifications.ts';
import { showPreferences, updatePreferences } from './records/desk/preferences.ts';
import { addWatcher, dropWatcher, listWatchers } from './records/desk/watcher/watchers.ts';
import { createStaff } from './records/staff/create-staff.ts';
import { listStaff } from './records/staff/list-staff.ts';
import { showStaffShifts, showTeamShifts, updateStaffShifts, updateTeamShifts } from './records/staff/shifts/change-shifts.ts';
import { listShifts } from './records/staff/shifts/list-shifts.ts';
import { showDuties } from './records/staff/show-duties.ts';
import { showStaff } from './records/staff/show-staff.ts';
import { createSkill, listSkills, showSkill, updateSkill } from './records/staff/skills/skills.ts';
import { updateStaff } from './records/staff/update-staff.ts';
import { createChecklistTemplate } from './records/ticket/checklist/create-template.ts';
import { listChecklistTemplates } from './records/ticket/checklist/list-templates.ts';
import { showChecklistTemplate } from './records/ticket/checklist/show-template.ts';
import { updateChecklistTemplate } from './records/ticket/checklist/update-template.ts';
import { showMatchingSettings, updateMatchingSettings } from './records/ticket/matching-settings.ts';
import { createView, removeView, updateView } from './records/view/change-view.ts';
import { countGroups } from './records/view/count-groups.ts';
import { listViewCounts } from './records/view/count-views.ts';
import { listViews, markFavourite, showView } from './records/view/list-views.ts';

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
  route('GET', '/api/v1/map', 'signed_in', showMap),
  route('GET', '/api/v1/search', 'signed_in', searchEverything),
  route('GET', '/api/v1/tickets', 'ticket.read', listTickets),
  route('POST', '/api/v1/tickets', 'ticket.create', createTicket),
  route('POST', '/api/v1/tickets/search', 'ticket.read', searchTickets),
  route('POST', '/api/v1/tickets/group-counts', 'ticket.read', countGroups),
  route('GET', '/api/v1/tickets/export', 'ticket.read', exportTickets),
  route('POST', '/api/v1/tickets/bulk', 'ticket.read', runBulk),
  route('GET', '/api/v1/bulk-runs', 'ticket.read', listBulkRuns),
  route('GET', '/api/v1/bulk-runs/{id}', 'ticket.read', showBulkRun),
  route('GET', '/api/v1/bulk-runs/{id}/results', 'ticket.read', listBulkResults),
  route('POST', '/api/v1/bulk-runs/{id}/cancel', 'ticket.read', cancelBulkRun),
  route('GET', '/api/v1/views', 'ticket.read', listViews),
  route('POST', '/api/v1/views', 'ticket.read', createView),
  route('GET', '/api/v1/views/counts', 'ticket.read', listViewCounts),
  route('GET', '/api/v1/views/{id}', 'ticket.read', showView),
  route('PATCH', '/api/v1/views/{id}', 'ticket.read', updateView),
  route('DELETE', '/api/v1/views/{id}', 'ticket.read', removeView),
  route('POST', '/api/v1/views/{id}/favourite', 'ticket.read', markFavourite),
  route('GET', '/api/v1/tickets/{id}', 'ticket.read', showTicket),
  route('PATCH', '/api/v1/tickets/{id}', 'ticket.update', updateTicket),
  route('GET', '/api/v1/tickets/{id}/timeline', 'ticket.read', showTimeline),
  route('GET', '/api/v1/tickets/{id}/merge-candidates', 'ticket.read', listMergeCandidates),
  route('POST', '/api/v1/tickets/{id}/merge-candidates/{other}/dismiss', 'ticket.update', keepTicketsApart),
  route('POST', '/api/v1/tickets/{id}/gather', 'ticket.update', gatherTickets),
  route('GET', '/api/v1/like-tickets', 'ticket.read', listLikeTickets),
  route('GET', '/api/v1/tickets/{id}/proposals', 'ticket.assign', proposeTechnicians),
  route('GET', '/api/v1/tickets/{id}/offers', 'ticket.read', showTicketOffers),
  route('POST', '/api/v1/tickets/{id}/offers', 'ticket.assign', openOffer),
  route('GET', '/api/v1/tickets/{id}/appointment', 'ticket.read', showAppointment),
  route('POST', '/api/v1/tickets/{id}/appointment', 'ticket.update', chooseAppointment),
  route('DELETE', '/api/v1/tickets/{id}/appointment', 'ticket.update', withdrawAppointment),
  route('GET', '/api/v1/offers', 'visit.work', listOffers),
  route('GET', '/api/v1/dispatch/offers', 'ticket.assign', listDispatchedOffers),
  route('GET', '/api/v1/dispatch/day', 'ticket.assign', showDay),
  route('GET', '/api/v1/dispatch/unplanned', 'ticket.assign', listUnplanned),
  route('POST', '/api/v1/dispatch/evaluations', 'ticket.assign', evaluateDraft),
  route('POST', '/api/v1/dispatch/schedules', 'ticket.assign', saveDayDraft),
  route('GET', '/api/v1/dispatch/plans', 'ticket.assign', listDayPlans),
  route('POST', '/api/v1/dispatch/plans', 'ticket.assign', requestPlan),
  route('POST', '/api/v1/dispatch/replans', 'ticket.assign', requestReplan),
  route('GET', '/api/v1/dispatch/plans/{id}', 'ticket.assign', showDayPlan),
  route('POST', '/api/v1/dispatch/plans/{id}/actions/apply', 'ticket.assign', applyDayPlan),
  route('POST', '/api/v1/dispatch/plans/{id}/actions/withdraw', 'ticket.assign', withdrawDayPlan),
  route('POST', '/api/v1/offers/{id}/actions/accept', 'visit.work', takeOffer),
  route('POST', '/api/v1/offers/{id}/actions/decline', 'visit.work', declineOffer),
  route('POST', '/api/v1/offers/{id}/actions/withdraw', 'ticket.assign', withdrawOffer),
  route('POST', '/api/v1/tickets/{id}/comments', 'ticket.read', addComment),
  route('GET', '/api/v1/tickets/{id}/actions', 'ticket.read', listActions),
  route('POST', '/api/v1/tickets/{id}/actions/{action}', 'ticket.read', takeAction),
  route('POST', '/api/v1/tickets/{id}/reveal', 'personal_data.reveal', revealContact),

  // Flows: definitions, their runs on tickets, and the tasks people have in them
  route('GET', '/api/v1/llm-setting', 'settings.write', showLlmSetting),
  route('PATCH', '/api/v1/llm-setting', 'settings.write', updateLlmSetting),
  route('GET', '/api/v1/flows', 'signed_in', listFlows),
  route('POST', '/api/v1/flows', 'settings.write', createFlow),
  route('POST', '/api/v1/flows/import-bpmn', 'settings.write', importBpmn),
  route('GET', '/api/v1/flows/{id}', 'signed_in', showFlow),
  route('PATCH', '/api/v1/flows/{id}', 'settings.write', updateFlow),
  route('GET', '/api/v1/flows/{id}/draft', 'settings.write', showFlowDraft),
  route('PATCH', '/api/v1/flows/{id}/draft', 'settings.write', updateFlowDraft),
  route('DELETE', '/api/v1/flows/{id}/draft', 'settings.write', discardFlowDraft),
  route('POST', '/api/v1/flows/{id}/draft/check', 'settings.write', checkFlowDraft),
  route('POST', '/api/v1/flows/{id}/publish', 'settings.write', publishFlow),
  route('GET', '/api/v1/flows/{id}/bpmn', 'settings.write', exportBpmn),
  route('GET', '/api/v1/flows/{id}/versions', 'signed_in', listFlowVersions),
  route('GET', '/api/v1/flows/{id}/versions/{number}', 'signed_in', showFlowVersion),
  route('POST', '/api/v1/flows/{id}/versions/{number}/restore', 'settings.write', restoreFlow),
  route('POST', '/api/v1/flows/{id}/test', 'settings.write', testFlow),
  route('POST', '/api/v1/flows/{id}/migration/preview', 'settings.write', previewMigration),
  route('POST', '/api/v1/flows/{id}/migration', 'settings.write', migrateFlow),
  route('GET', '/api/v1/tickets/{id}/flow', 'ticket.read', showTicketFlow),
  route('POST', '/api/v1/tickets/{id}/flow', 'ticket.assign', startTicketFlow),
  route('GET', '/api/v1/tasks', 'signed_in', listTasks),
  route('GET', '/api/v1/tasks/counts', 'signed_in', countTasks),
  route('GET', '/api/v1/tasks/{id}', 'signed_in', showTask),
  route('POST', '/api/v1/tasks/{id}/actions/{action}', 'signed_in', takeTaskAction),
  route('GET', '/api/v1/flow-instances', 'ticket.read', listFlowInstances),
  route('GET', '/api/v1/flow-instances/{id}', 'ticket.read', showFlowInstance),
  route('POST', '/api/v1/flow-instances/{id}/retry', 'ticket.assign', retryFlow),
  route('POST', '/api/v1/flow-instances/{id}/cancel', 'ticket.assign', cancelFlow),

  // Tickets that belong together, and people who work on them together
  route('POST', '/api/v1/tickets/{id}/merge', 'ticket.update', mergeTickets),
  route('POST', '/api/v1/tickets/{id}/unmerge', 'ticket.update', unmergeTicket),
  route('GET', '/api/v1/tickets/{id}/links', 'ticket.read', listLinks),
  route('POST', '/api/v1/tickets/{id}/links', 'ticket.update', addLink),
  route('DELETE', '/api/v1/tickets/{id}/links/{kind}/{other}', 'ticket.update', removeLink),
  route('POST', '/api/v1/tickets/{id}/split', 'ticket.create', splitTicket),
  route('GET', '/api/v1/tickets/{id}/checklist', 'ticket.read', showChecklist),
  route('POST', '/api/v1/tickets/{id}/checklist', 'ticket.resolve', addChecklistItems),
  route('POST', '/api/v1/tickets/{id}/checklist/order', 'ticket.resolve', orderChecklist),
  route('PATCH', '/api/v1/tickets/{id}/checklist/{item}', 'ticket.resolve', updateChecklistItem),
  route('DELETE', '/api/v1/tickets/{id}/checklist/{item}', 'ticket.resolve', removeChecklistItem),
  route('GET', '/api/v1/tickets/{id}/side-conversations', 'ticket.read', listTicketSideConversations),
  route('POST', '/api/v1/tickets/{id}/side-conversations', 'ticket.note', openSideConversation),
  route('GET', '/api/v1/side-conversations', 'ticket.read', listSideConversations),
  route('GET', '/api/v1/side-conversations/{id}', 'ticket.read', showSideConversation),
  route('GET', '/api/v1/side-conversations/{id}/messages', 'ticket.read', listSideMessages),
  route('POST', '/api/v1/side-conversations/{id}/messages', 'ticket.note', replyInSideConversation),
  route('POST', '/api/v1/side-conversations/{id}/close', 'ticket.note', closeSideConversation),
  route('POST', '/api/v1/side-conversations/{id}/reopen', 'ticket.note', reopenSideConversation),
  route('GET', '/api/v1/tickets/{id}/history/verification', 'audit.read', verifyHistory),
  route('GET', '/api/v1/checklist-templates', 'ticket.read', listChecklistTemplates),
  route('POST', '/api/v1/checklist-templates', 'settings.write', createChecklistTemplate),
  route('GET', '/api/v1/checklist-templates/{id}', 'ticket.read', showChecklistTemplate),
  route('PATCH', '/api/v1/checklist-templates/{id}', 'settings.write', updateChecklistTemplate),

  // The desk
  route('GET', '/api/v1/tickets/{id}/watchers', 'ticket.read', listWatchers),
  route('POST', '/api/v1/tickets/{id}/watchers/{staffId}', 'ticket.read', addWatcher),
  route('DELETE', '/api/v1/tickets/{id}/watchers/{staffId}', 'signed_in', dropWatcher),
  route('GET', '/api/v1/tickets/{id}/helpers', 'ticket.read', listHelpers),
  route('POST', '/api/v1/tickets/{id}/helpers', 'ticket.resolve', delegateTicket),
  route('DELETE', '/api/v1/tickets/{id}/helpers/{staffId}', 'ticket.read', endDelegation),
  route('POST', '/api/v1/tickets/{id}/presence', 'ticket.read', markPresence),
  route('GET', '/api/v1/tickets/{id}/reply-route', 'ticket.read', showReplyRoute),
  route('GET', '/api/v1/tickets/{id}/visitor', 'ticket.read', showTicketVisitor),
  route('POST', '/api/v1/tickets/{id}/deliveries/{deliveryId}/actions/{action}', 'ticket.reply', settleDelivery),
  route('GET', '/api/v1/tickets/{id}/held-replies', 'ticket.read', listHeldReplies),
  route('POST', '/api/v1/tickets/{id}/held-replies', 'ticket.read', holdReply),
  route('DELETE', '/api/v1/tickets/{id}/held-replies/{heldId}', 'signed_in', takeBackReply),
  route('GET', '/api/v1/held-replies', 'signed_in', listAllHeldReplies),
  route('POST', '/api/v1/tickets/{id}/macros/{macroId}', 'ticket.read', applyMacroToTicket),
  route('GET', '/api/v1/automation-rules', 'automation.manage', listAutomationRules),
  route('POST', '/api/v1/automation-rules', 'automation.manage', createAutomationRule),
  route('POST', '/api/v1/automation-rules/order', 'automation.manage', orderAutomationRules),
  route('POST', '/api/v1/automation-rules/preview', 'automation.manage', previewAutomationRule),
  route('GET', '/api/v1/automation-rules/{id}', 'automation.manage', showAutomationRule),
  route('PATCH', '/api/v1/automation-rules/{id}', 'automation.manage', updateAutomationRule),
  route('POST', '/api/v1/automation-rules/{id}/publish', 'automation.manage', publishAutomationRule),
  route('POST', '/api/v1/automation-rules/{id}/try', 'automation.manage', tryAutomationRule),
  route('GET', '/api/v1/automation-rules/{id}/versions', 'automation.manage', listAutomationRuleVersions),
  route('POST', '/api/v1/automation-rules/{id}/versions/{number}/restore', 'automation.manage', restoreAutomationRule),
  route('GET', '/api/v1/automation-rules/{id}/calls', 'automation.manage', listAutomationCalls),
  route('GET', '/api/v1/automation-signing', 'automation.manage', showAutomationSigning),
  route('POST', '/api/v1/automation-signing', 'automation.manage', changeAutomationSigning),
  route('GET', '/api/v1/automation-runs', 'signed_in', listAutomationRuns),
  route('POST', '/api/v1/automation-runs/{id}/retry', 'automation.manage', retryAutomationRun),
  route('GET', '/api/v1/macros', 'ticket.read', listMacros),
  route('POST', '/api/v1/macros', 'signed_in', createMacro),
  route('GET', '/api/v1/macros/{id}', 'signed_in', showMacro),
  route('PATCH', '/api/v1/macros/{id}', 'signed_in', updateMacro),
  route('GET', '/api/v1/macros/{id}/versions', 'signed_in', listMacroVersions),
  route('GET', '/api/v1/canned-replies', 'signed_in', listCannedReplies),
  route('POST', '/api/v1/canned-replies', 'signed_in', createCannedReply),
  route('GET', '/api/v1/canned-replies/{id}', 'signed_in', showCannedReply),
  route('PATCH', '/api/v1/canned-replies/{id}', 'signed_in', updateCannedReply),
  route('POST', '/api/v1/canned-replies/{id}/render', 'ticket.read', renderCannedReply),
  route('GET', '/api/v1/drafts', 'signed_in', listDrafts),
  route('POST', '/api/v1/drafts', 'signed_in', saveDraft),
  route('DELETE', '/api/v1/drafts', 'signed_in', deleteDraft),
  route('GET', '/api/v1/notifications', 'signed_in', listNotifications),
  route('GET', '/api/v1/notifications/count', 'signed_in', countNotifications),
  route('POST', '/api/v1/notifications/read', 'signed_in', markNotificationsRead),
  route('POST', '/api/v1/notifications/{id}/read', 'signed_in', markNotificationRead),
  route('GET', '/api/v1/notifications/{id}/deliveries', 'signed_in', listNotificationDeliveries),
  route('POST', '/api/v1/notifications/{id}/acknowledge', 'signed_in', acknowledgeNotification),
  route('GET', '/api/v1/notice-settings', 'signed_in', showNoticeSettings),
  route('PATCH', '/api/v1/notice-settings', 'signed_in', updateNoticeSettings),
  route('POST', '/api/v1/notice-addresses', 'session', setNoticeAddress),
  route('POST', '/api/v1/notice-addresses/{channel}/confirm', 'session', confirmNoticeAddress),
  route('DELETE', '/api/v1/notice-addresses/{channel}', 'session', removeNoticeAddress),
  route('POST', '/api/v1/notice-devices', 'session', addNoticeDevice),
  route('DELETE', '/api/v1/notice-devices/{id}', 'session', removeNoticeDevice),
  route('GET', '/api/v1/notice-accounts', 'settings.write', listNoticeAccounts),
  route('GET', '/api/v1/notice-accounts/{channel}', 'settings.write', showNoticeAccount),
  route('PATCH', '/api/v1/notice-accounts/{channel}', 'settings.write', updateNoticeAccount),
  route('POST', '/api/v1/notice-accounts/{channel}/test', 'settings.write', testNoticeAccount),
  route('GET', '/api/v1/notice-deliveries', 'settings.write', listNoticeDeliveries),
  route('GET', '/api/v1/notice-deliveries/{id}', 'signed_in', showNoticeDelivery),
  route('POST', '/api/v1/notice-deliveries/{id}/retry', 'settings.write', retryNoticeDelivery),
  route('GET', '/api/v1/notice-policy', 'settings.write', showNoticePolicy),
  route('PATCH', '/api/v1/notice-policy', 'settings.write', updateNoticePolicy),
  route('GET', '/api/v1/matching-settings', 'settings.write', showMatchingSettings),
  route('PATCH', '/api/v1/matching-settings', 'settings.write', updateMatchingSettings),
  route('GET', '/api/v1/news-settings', 'settings.write', showNewsSettings),
  route('PATCH', '/api/v1/news-settings', 'settings.write', updateNewsSettings),
  route('GET', '/api/v1/notice-templates', 'settings.write', listNoticeTemplates),
  route('GET', '/api/v1/notice-templates/{kind}/{channel}/{language}', 'settings.write', showNoticeTemplate),
  route('PATCH', '/api/v1/notice-templates/{kind}/{channel}/{language}', 'settings.write', updateNoticeTemplate),
  route('POST', '/api/v1/notice-templates/{kind}/{channel}/{language}/publish', 'settings.write', publishNoticeTemplate),
  route('POST', '/api/v1/notice-templates/{kind}/{channel}/{language}/preview', 'settings.write', previewNoticeTemplate),
  route('GET', '/api/v1/preferences', 'signed_in', showPreferences),
  route('PATCH', '/api/v1/preferences', 'signed_in', updatePreferences),
  route('GET', '/api/v1/absences', 'signed_in', listAbsences),
  route('POST', '/api/v1/absences', 'signed_in', planAbsence),
  route('GET', '/api/v1/absences/{id}', 'signed_in', showAbsence),
  route('PATCH', '/api/v1/absences/{id}', 'signed_in', changeAbsence),
  route('DELETE', '/api/v1/absences/{id}', 'signed_in', cancelAbsence),

  // Promises and calendars
  route('GET', '/api/v1/tickets/{id}/sla', 'ticket.read', showTicketClocks),
  route('POST', '/api/v1/tickets/{id}/sla/reasons', 'ticket.resolve', explainBreach),
  route('GET', '/api/v1/sla-breaches', 'ticket.read', listBreaches),
  route('GET', '/api/v1/sla-breaches/summary', 'ticket.read', summarizeBreaches),
  route('GET', '/api/v1/sla-policies', 'settings.write', listPolicies),
  route('POST', '/api/v1/sla-policies', 'settings.write', createPolicy),
  route('POST', '/api/v1/sla-policies/order', 'settings.write', orderPolicies),
  route('GET', '/api/v1/sla-policies/{id}', 'settings.write', showPolicy),
  route('PATCH', '/api/v1/sla-policies/{id}', 'settings.write', updatePolicy),
  route('POST', '/api/v1/sla-policies/{id}/publish', 'settings.write', publishPolicy),
  route('GET', '/api/v1/sla-policies/{id}/versions', 'settings.write', listPolicyVersions),
  route('POST', '/api/v1/sla-policies/{id}/versions/{number}/restore', 'settings.write', restorePolicy),
  route('GET', '/api/v1/sla-simulations', 'settings.write', listSimulations),
  route('POST', '/api/v1/sla-simulations', 'settings.write', requestSimulation),
  route('GET', '/api/v1/sla-simulations/{id}', 'settings.write', showSimulation),
  route('POST', '/api/v1/sla-simulations/{id}/cancel', 'settings.write', cancelSimulation),
  route('GET', '/api/v1/calendars', 'signed_in', listCalendars),
  route('POST', '/api/v1/calendars', 'settings.write', createCalendar),
  route('POST', '/api/v1/calendars/read-icalendar', 'settings.write', readIcalendarFile),
  route('GET', '/api/v1/calendars/{id}', 'signed_in', showCalendar),
  route('PATCH', '/api/v1/calendars/{id}', 'settings.write', updateCalendar),
  route('POST', '/api/v1/calendars/{id}/publish', 'settings.write', publishCalendar),
  route('GET', '/api/v1/calendars/{id}/versions', 'settings.write', listCalendarVersions),
  route('POST', '/api/v1/calendars/{id}/versions/{number}/restore', 'settings.write', restoreCalendar),
  route('GET', '/api/v1/holiday-sources', 'signed_in', listHolidaySources),

  // On-site visits
  route('GET', '/api/v1/visits', 'ticket.read', listVisits),
  route('GET', '/api/v1/visits/{id}', 'ticket.read', showVisit),
  route('PATCH', '/api/v1/visits/{id}/members', 'ticket.assign', changeVisitMembers),
  route('GET', '/api/v1/visits/{id}/report', 'ticket.read', downloadReport),
  route('POST', '/api/v1/visits/{id}/actions/{action}', 'visit.work', takeVisitAction),
  route('GET', '/api/v1/visits/{id}/track', 'ticket.assign', showTrack),
  route('POST', '/api/v1/field/sync', 'visit.work', syncCommands),
  route('GET', '/api/v1/field/figures', 'visit.work', showFigures),
  route('GET', '/api/v1/field/assets', 'asset.read', findFieldAsset),
  route('POST', '/api/v1/positions', 'visit.work', sendPositions),
  route('GET', '/api/v1/positions', 'ticket.assign', showPositions),

  // Files
  route('POST', '/api/v1/files', 'signed_in', uploadFile),
  route('GET', '/api/v1/files/{id}', 'signed_in', downloadFile),
  route('GET', '/api/v1/files/{id}/thumbnail', 'signed_in', downloadThumbnail),
  route('POST', '/api/v1/uploads', 'signed_in', beginUpload),
  route('GET', '/api/v1/uploads/{id}', 'signed_in', showUpload),
  route('PATCH', '/api/v1/uploads/{id}', 'signed_in', continueUpload),
  route('DELETE', '/api/v1/uploads/{id}', 'signed_in', endUpload),

  // Records
  route('GET', '/api/v1/organization', 'signed_in', showOrganization),
  route('PATCH', '/api/v1/organization', 'settings.write', updateOrganization),
  route('GET', '/api/v1/departments', 'organization.read', listDepartments),
  route('POST', '/api/v1/departments', 'organization.write', createDepartment),
  route('GET', '/api/v1/departments/{id}', 'organization.read', showDepartment),
  route('PATCH', '/api/v1/departments/{id}', 'organization.write', updateDepartment),
  route('GET', '/api/v1/teams', 'organization.read', listTeams),
  route('POST', '/api/v1/teams', 'organization.write', createTeam),
  route('GET', '/api/v1/teams/{id}', 'organization.read', showTeam),
  route('PATCH', '/api/v1/teams/{id}', 'organization.write', updateTeam),
  route('GET', '/api/v1/staff', 'organization.read', listStaff),
  route('POST', '/api/v1/staff', 'organization.write', createStaff),
  route('GET', '/api/v1/staff/{id}', 'organization.read', showStaff),
  route('PATCH', '/api/v1/staff/{id}', 'organization.write', updateStaff),
  route('GET', '/api/v1/staff/{id}/duties', 'organization.write', showDuties),
  route('GET', '/api/v1/shifts', 'signed_in', listShifts),
  route('GET', '/api/v1/staff/{id}/shifts', 'signed_in', showStaffShifts),
  route('PATCH', '/api/v1/staff/{id}/shifts', 'organization.write', updateStaffShifts),
  route('GET', '/api/v1/teams/{id}/dispatch-modes', 'organization.read', showDispatchModes),
  route('PATCH', '/api/v1/teams/{id}/dispatch-modes', 'settings.write', updateDispatchModes),
  route('GET', '/api/v1/calendar-feed', 'session', showCalendarFeed),
  route('POST', '/api/v1/calendar-feed', 'session', createCalendarFeed),
  route('DELETE', '/api/v1/calendar-feed', 'session', revokeCalendarFeed),
  route('GET', '/api/v1/calendar-feeds/{token}', 'public', readCalendar),
  route('GET', '/api/v1/appointment-setting', 'organization.read', showAppointmentSetting),
  route('PATCH', '/api/v1/appointment-setting', 'settings.write', updateAppointmentSetting),
  route('GET', '/api/v1/travel-setting', 'settings.write', showTravelSetting),
  route('PATCH', '/api/v1/travel-setting', 'settings.write', updateTravelSetting),
  route('POST', '/api/v1/travel-setting/try', 'settings.write', tryTravel),
  route('GET', '/api/v1/territories', 'organization.read', listTerritories),
  route('POST', '/api/v1/territories', 'settings.write', createTerritory),
  route('PATCH', '/api/v1/territories/{id}', 'settings.write', updateTerritory),
  route('GET', '/api/v1/teams/{id}/dispatch-rules', 'organization.read', showDispatchRules),
  route('PATCH', '/api/v1/teams/{id}/dispatch-rules', 'settings.write', updateDispatchRules),
  route('GET', '/api/v1/teams/{id}/dispatch-weights', 'organization.read', showDispatchWeights),
  route('PATCH', '/api/v1/teams/{id}/dispatch-weights', 'settings.write', updateDispatchWeights),
  route('POST', '/api/v1/teams/{id}/dispatch-weights/preview', 'settings.write', previewDispatchWeights),
  route('GET', '/api/v1/teams/{id}/shifts', 'organization.read', showTeamShifts),
  route('PATCH', '/api/v1/teams/{id}/shifts', 'organization.write', updateTeamShifts),
  route('GET', '/api/v1/skills', 'signed_in', listSkills),
  route('POST', '/api/v1/skills', 'settings.write', createSkill),
  route('GET', '/api/v1/skills/{id}', 'signed_in', showSkill),
  route('PATCH', '/api/v1/skills/{id}', 'settings.write', updateSkill),
  route('GET', '/api/v1/roles', 'organization.read', listRoles),
  route('POST', '/api/v1/roles', 'organization.write', createRole),
  route('GET', '/api/v1/roles/{id}', 'organization.read', showRole),
  route('PATCH', '/api/v1/roles/{id}', 'organization.write', updateRole),
  route('GET', '/api/v1/categories', 'signed_in', listCategories),
  route('POST', '/api/v1/categories', 'settings.write', createCategory),
  route('POST', '/api/v1/categories/import', 'settings.write', importCategories),
  route('GET', '/api/v1/categories/{id}', 'signed_in', showCategory),
  route('PATCH', '/api/v1/categories/{id}', 'settings.write', updateCategory),
  route('GET', '/api/v1/ticket-statuses', 'signed_in', listTicketStatuses),
  route('POST', '/api/v1/ticket-statuses', 'settings.write', createTicketStatus),
  route('GET', '/api/v1/ticket-statuses/{id}', 'signed_in', showTicketStatus),
  route('PATCH', '/api/v1/ticket-statuses/{id}', 'settings.write', updateTicketStatus),
  route('GET', '/api/v1/ticket-types', 'signed_in', listTicketTypes),
  route('GET', '/api/v1/ticket-types/{id}', 'signed_in', showTicketType),
  route('POST', '/api/v1/ticket-types', 'settings.write', createTicketType),
  route('PATCH', '/api/v1/ticket-types/{id}', 'settings.write', updateTicketType),
  route('GET', '/api/v1/ticket-types/{id}/draft', 'settings.write', showFormDraft),
  route('PATCH', '/api/v1/ticket-types/{id}/draft', 'settings.write', updateFormDraft),
  route('DELETE', '/api/v1/ticket-types/{id}/draft', 'settings.write', discardFormDraft),
  route('POST', '/api/v1/ticket-types/{id}/draft/check', 'settings.write', checkFormDraft),
  route('POST', '/api/v1/ticket-types/{id}/publish', 'settings.write', publishForm),
  route('GET', '/api/v1/ticket-types/{id}/versions', 'signed_in', listFormVersions),
  route('GET', '/api/v1/ticket-types/{id}/versions/{number}', 'signed_in', showFormVersion),
  route('POST', '/api/v1/ticket-types/{id}/versions/{number}/restore', 'settings.write', restoreForm),
  route('GET', '/api/v1/ticket-types/{id}/compare', 'settings.write', compareFormVersions),
  route('GET', '/api/v1/ticket-templates', 'signed_in', listTicketTemplates),
  route('POST', '/api/v1/ticket-templates', 'settings.write', createTicketTemplate),
  route('GET', '/api/v1/ticket-templates/{id}', 'signed_in', showTicketTemplate),
  route('PATCH', '/api/v1/ticket-templates/{id}', 'settings.write', updateTicketTemplate),
  route('GET', '/api/v1/intake-setting', 'settings.write', showIntakeSetting),
  route('PATCH', '/api/v1/intake-setting', 'settings.write', updateIntakeSetting),
  route('POST', '/api/v1/text/extract', 'ticket.create', extractText),
  route('POST', '/api/v1/tickets/{id}/guesses/confirm', 'ticket.update', confirmTicketGuesses),
  route('POST', '/api/v1/tickets/{id}/completions/{connector}/ask', 'ticket.update', askConnectorAgain),
  route('GET', '/api/v1/connectors', 'settings.write', listConnectors),
  route('POST', '/api/v1/connectors', 'settings.write', createConnector),
  route('POST', '/api/v1/connectors/try', 'settings.write', tryConnector),
  route('GET', '/api/v1/connectors/{id}', 'settings.write', showConnector),
  route('PATCH', '/api/v1/connectors/{id}', 'settings.write', updateConnector),
  route('GET', '/api/v1/channels', 'organization.read', listChannels),
  route('POST', '/api/v1/channels', 'settings.write', createChannel),
  route('POST', '/api/v1/channels/try-mapping', 'settings.write', tryMapping),
  route('GET', '/api/v1/channels/{id}', 'settings.write', showChannel),
  route('PATCH', '/api/v1/channels/{id}', 'settings.write', updateChannel),
  route('GET', '/api/v1/channels/{id}/messages', 'settings.write', listInbox),
  route('POST', '/api/v1/inbox-messages/actions/{action}', 'settings.write', settleMessages),
  route('GET', '/api/v1/calls', 'ticket.read', listCalls),
  route('POST', '/api/v1/calls', 'ticket.read', dialCall),
  route('GET', '/api/v1/calls/{id}', 'ticket.read', showCall),
  route('PATCH', '/api/v1/calls/{id}', 'ticket.read', updateCall),
  route('POST', '/api/v1/calls/{id}/ticket', 'ticket.create', openCallTicket),
  route('GET', '/api/v1/calls/{id}/recording', 'ticket.read', playRecording),
  route('GET', '/api/v1/telephone', 'signed_in', showTelephone),
  route('GET', '/api/v1/telephone/softphone', 'session', showSoftphone),
  route('GET', '/api/v1/telephone/wire.js', 'session', softphoneWire),
  route('GET', '/api/v1/telephone/colleagues', 'signed_in', listColleagues),
  route('GET', '/api/v1/staff/{id}/phone-line', 'organization.read', showPhoneLine),
  route('PATCH', '/api/v1/staff/{id}/phone-line', 'organization.write', updatePhoneLine),
  route('GET', '/api/v1/speech-setting', 'settings.write', showSpeechSetting),
  route('PATCH', '/api/v1/speech-setting', 'settings.write', updateSpeechSetting),
  route('GET', '/api/v1/tickets/{id}/hotline-cases', 'ticket.read', listHotlineCases),
  route('POST', '/api/v1/hotline-cases/{id}/actions/{action}', 'ticket.read', takeHotlineAction),
  route('POST', '/api/v1/hotline-reports/{id}/retry', 'ticket.resolve', retryHotlineReport),
  route('POST', '/api/v1/hotline-reports/{id}/skip', 'ticket.resolve', skipHotlineReport),
  route('GET', '/api/v1/channels/{id}/hotline-codes', 'settings.write', showHotlineCodes),
  route('PATCH', '/api/v1/channels/{id}/hotline-codes', 'settings.write', updateHotlineCodes),
  route('POST', '/api/v1/channels/{id}/grants', 'ticket.create', addGrants),
  route('GET', '/api/v1/inbox-messages/{id}', 'settings.write', showMessage),
  route('GET', '/api/v1/inbox-messages/{id}/raw', 'settings.write', downloadMessage),
  route('POST', '/api/v1/inbox-messages/{id}/actions/{action}', 'settings.write', settleQuarantined),
  route('GET', '/api/v1/customers', 'customer.read', listCustomers),
  route('POST', '/api/v1/customers', 'customer.write', createCustomer),
  route('GET', '/api/v1/customers/{id}', 'customer.read', showCustomer),
  route('PATCH', '/api/v1/customers/{id}', 'customer.write', updateCustomer),
  route('GET', '/api/v1/customers/{id}/timeline', 'customer.read', showCustomerTimeline),
  route('GET', '/api/v1/customers/{id}/duplicates', 'customer.read', listDuplicates),
  route('POST', '/api/v1/customers/{id}/duplicates/{other}/dismiss', 'customer.write', keepCustomersApart),
  route('GET', '/api/v1/customers/{id}/conversations', 'customer.read', listCustomerConversations),
  route('POST', '/api/v1/customers/{id}/merge', 'customer.write', mergeCustomer),
  route('POST', '/api/v1/customers/{id}/unmerge', 'customer.write', unmergeCustomer),
  route('POST', '/api/v1/customers/{id}/reveal', 'customer.read', revealCustomer),
  route('POST', '/api/v1/customers/{id}/contact-points', 'customer.write', addContactPoint),
  route('PATCH', '/api/v1/customers/{id}/contact-points/{contactId}', 'customer.write', updateContactPoint),
  route('DELETE', '/api/v1/customers/{id}/contact-points/{contactId}', 'customer.write', removeContactPoint),
  route('POST', '/api/v1/customers/{id}/contact-points/{contactId}/verify', 'customer.write', verifyContactPoint),
  route('POST', '/api/v1/customers/{id}/contact-points/{contactId}/reveal', 'customer.read', revealContactPoint),
  route('GET', '/api/v1/customers/{id}/notes', 'customer.read', listCustomerNotes),
  route('POST', '/api/v1/customers/{id}/notes', 'customer.write', addCustomerNote),
  route('PATCH', '/api/v1/customers/{id}/notes/{noteId}', 'customer.write', updateCustomerNote),
  route('DELETE', '/api/v1/customers/{id}/notes/{noteId}', 'customer.write', removeCustomerNote),
  route('GET', '/api/v1/technician-preferences', 'customer.read', listTechnicianPreferences),
  route('POST', '/api/v1/technician-preferences', 'customer.write', setTechnicianPreference),
  route('DELETE', '/api/v1/technician-preferences/{id}', 'customer.write', removeTechnicianPreference),
  route('GET', '/api/v1/customer-tiers', 'signed_in', listCustomerTiers),
  route('POST', '/api/v1/customer-tiers', 'settings.write', createCustomerTier),
  route('PATCH', '/api/v1/customer-tiers/{id}', 'settings.write', updateCustomerTier),
  route('GET', '/api/v1/accounts', 'customer.read', listAccounts),
  route('POST', '/api/v1/accounts', 'customer.write', createAccount),
  route('GET', '/api/v1/accounts/{id}', 'customer.read', showAccount),
  route('PATCH', '/api/v1/accounts/{id}', 'customer.write', updateAccount),
  route('GET', '/api/v1/accounts/{id}/timeline', 'customer.read', showAccountTimeline),
  route('GET', '/api/v1/accounts/{id}/sites', 'customer.read', listSites),
  route('POST', '/api/v1/accounts/{id}/sites', 'customer.write', createSite),
  route('PATCH', '/api/v1/accounts/{id}/sites/{siteId}', 'customer.write', updateSite),
  route('POST', '/api/v1/accounts/{id}/sites/{siteId}/reveal', 'customer.read', revealSite),
  route('GET', '/api/v1/masks', 'signed_in', showMasks),
  route('PATCH', '/api/v1/masks', 'organization.write', updateMasks),
  route('GET', '/api/v1/assets', 'asset.read', listAssets),
  route('POST', '/api/v1/assets', 'asset.write', createAsset),
  route('GET', '/api/v1/assets/{id}', 'asset.read', showAsset),
  route('PATCH', '/api/v1/assets/{id}', 'asset.write', updateAsset),
  route('GET', '/api/v1/assets/{id}/timeline', 'asset.read', showAssetTimeline),
  route('GET', '/api/v1/assets/{id}/label.svg', 'asset.read', showLabel),
  route('POST', '/api/v1/assets/labels', 'asset.read', printLabels),
  route('POST', '/api/v1/sites/labels', 'customer.read', printSiteLabels),
  route('GET', '/api/v1/import-kinds', 'import.run', listImportKinds),
  route('GET', '/api/v1/import-kinds/{kind}/template.csv', 'import.run', downloadImportTemplate),
  route('POST', '/api/v1/imports/preview', 'import.run', previewImport),
  route('GET', '/api/v1/imports', 'import.run', listImports),
  route('POST', '/api/v1/imports', 'import.run', createImport),
  route('GET', '/api/v1/imports/{id}', 'import.run', showImport),
  route('POST', '/api/v1/imports/{id}/cancel', 'import.run', cancelImport),
  route('GET', '/api/v1/imports/{id}/issues', 'import.run', listImportIssues),
  route('GET', '/api/v1/imports/{id}/result.csv', 'import.run', downloadImportResult),
  route('GET', '/api/v1/audit', 'audit.read', listAudit),
  route('GET', '/api/v1/audit/export', 'audit.read', exportAudit),

  // What it all amounts to, and what happens now
  route('GET', '/api/v1/insight/{measure}', 'insight.read', showInsight),
  route('GET', '/api/v1/feed', 'signed_in', showFeed),

  // Customers
  route('GET', '/api/v1/portal/{org}', 'portal', showPortal),
  route('GET', '/api/v1/portal/{org}/categories/{category}', 'portal', showPortalCategories),
  route('POST', '/api/v1/portal/{org}/files', 'portal', uploadPortalFile),
  route('POST', '/api/v1/portal/{org}/reports', 'portal', createReport),
  route('POST', '/api/v1/portal/{org}/codes', 'portal', requestPhoneCode),
  route('POST', '/api/v1/portal/{org}/session', 'portal', signInByPhone),
  route('DELETE', '/api/v1/portal/{org}/session', 'leaving_customer', signOutCustomer),
  route('GET', '/api/v1/portal/{org}/tickets', 'customer', listOwnTickets),
  route('GET', '/api/v1/scan/{token}', 'scan', showScanned),
  route('GET', '/api/v1/progress/{token}', 'link', showProgress),
  route('POST', '/api/v1/progress/{token}/comments', 'link', addProgressComment),
  route('POST', '/api/v1/progress/{token}/confirm', 'link', confirmProgress),
  route('POST', '/api/v1/progress/{token}/reopen', 'link', reopenProgress),
  route('POST', '/api/v1/progress/{token}/rating', 'link', rateProgress),
  route('GET', '/api/v1/progress/{token}/report', 'link', downloadReceipt),
  route('POST', '/api/v1/progress/{token}/news', 'link', chooseProgressNews),
  route('GET', '/api/v1/progress/{token}/appointment', 'link', showProgressAppointment),
  route('POST', '/api/v1/progress/{token}/appointment', 'link', chooseProgressAppointment),
  route('POST', '/api/v1/progress/{token}/files', 'link', uploadProgressFile),
  route('GET', '/api/v1/progress/{token}/files/{id}', 'link', downloadProgressFile),
  route('GET', '/api/v1/progress/{token}/files/{id}/thumbnail', 'link', downloadProgressThumbnail),
  route('GET', '/api/v1/progress/{token}/feed', 'link', showProgressFeed),

  // Chat on websites
  route('GET', '/api/v1/chat/{channel}', 'chat', showChatWindow),
  route('POST', '/api/v1/chat/{channel}/visits', 'chat', openVisit),
  route('GET', '/api/v1/chat-visits/{token}', 'visit', showChat),
  route('POST', '/api/v1/chat-visits/{token}/messages', 'visit', sendChatMessage),
  route('POST', '/api/v1/chat-visits/{token}/contact', 'visit', leaveContact),
  route('POST', '/api/v1/chat-visits/{token}/seen', 'visit', markChatSeen),
  route('POST', '/api/v1/chat-visits/{token}/presence', 'visit', markChatPresence),
  route('POST', '/api/v1/chat-visits/{token}/files', 'visit', uploadVisitFile),
  route('GET', '/api/v1/chat-visits/{token}/files/{id}', 'visit', downloadVisitFile),
  route('GET', '/api/v1/chat-visits/{token}/files/{id}/thumbnail', 'visit', downloadVisitThumbnail),
  route('GET', '/api/v1/chat-visits/{token}/feed', 'visit', showVisitFeed),
];
