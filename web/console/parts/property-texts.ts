import type { TextKey } from '../i18n.ts';

/** What the standard properties of a ticket are called (标准属性名称), in conditions and at the head of columns. */
export const propertyTexts = {
  number: 'property.number', subject: 'property.subject', description: 'property.description', status: 'filter.status', statusId: 'property.ownStatus', waitingFor: 'property.waitingFor', priority: 'filter.priority',
  type: 'property.type', category: 'filter.category', channel: 'filter.channel', department: 'property.department', team: 'filter.team', assignee: 'filter.assignee', createdBy: 'property.createdBy',
  watcher: 'property.watcher', participant: 'property.participant', customer: 'property.customer', account: 'property.account', asset: 'property.asset', site: 'property.site', parent: 'property.parent', tag: 'property.tag',
  rating: 'property.rating', reopenedCount: 'property.reopenedCount', createdAt: 'property.createdAt', updatedAt: 'property.updatedAt', acceptedAt: 'property.acceptedAt', resolvedAt: 'property.resolvedAt', closedAt: 'property.closedAt', dueAt: 'property.dueAt', breachedAt: 'property.breachedAt',
  requester: 'property.requester', phone: 'property.phone', tier: 'property.tier', location: 'property.location', tags: 'property.tag',
} as const satisfies Record<string, TextKey>;
