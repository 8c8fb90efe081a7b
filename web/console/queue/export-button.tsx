import { App, Button, Dropdown } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem, asProblem } from '../../ui/api.ts';
import { problemFrom } from '../../ui/api-problem.ts';
import { language } from '../../ui/preferences.ts';
import type { LineRequest } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { Icon } from '../parts/icon.tsx';
import { saveFile } from '../parts/save-file.ts';

/** Takes a list away as a file (导出): its lines, with its columns, in its order; it can be called off while it comes. */
export function ExportButton({ request, columns }: { request: LineRequest; columns: readonly string[] }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const [received, setReceived] = useState<number | null>(null);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function take(format: 'csv' | 'xlsx'): Promise<void> {
    const abort = new AbortController();
    stop.current = abort;
    setReceived(0);
    try {
      const parameters = new URLSearchParams({ format, columns: columns.join(',') });
      if (request.view !== undefined) parameters.set('view', request.view);
      if (request.filter !== undefined) parameters.set('filter', JSON.stringify(request.filter));
      if (request.sort !== 'relevance') parameters.set('sort', request.sort);
      const response = await fetch(`/api/v1/tickets/export?${parameters.toString()}`, { headers: { 'accept-language': language() }, credentials: 'same-origin', signal: abort.signal });
      if (!response.ok) throw problemFrom(response.status, await response.text(), (name) => response.headers.get(name));
      const file = await read(response, setReceived);
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `tickets.${format}`;
      saveFile(file, name);
      void message.success(t('export.done', { name }));
    } catch (error) {
      if (!abort.signal.aborted) void message.error(t('export.failed', { reason: error instanceof ApiProblem ? asProblem(error).title : t('export.broken') }));
    } finally {
      setReceived(null);
    }
  }

  if (received !== null) {
    return (
      <Button icon={<Icon name="close" />} onClick={() => stop.current?.abort()} title={t('common.cancel')}>
        {t('export.running', { size: formatBytes(received) })}
      </Button>
    );
  }
  const searched = request.q !== undefined;
  return (
    <Dropdown
      trigger={['click']} disabled={searched}
      menu={{ items: (['csv', 'xlsx'] as const).map((format) => ({ key: format, label: t(`export.${format}`), onClick: () => void take(format) })) }}
    >
      <Button icon={<Icon name="download" />} aria-label={t('export.label')} title={searched ? t('export.notWords') : t('export.label')} disabled={searched} />
    </Dropdown>
  );
}

async function read(response: Response, tell: (bytes: number) => void): Promise<Blob> {
  const reader = response.body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    parts.push(chunk.value);
    bytes += chunk.value.length;
    tell(bytes);
  }
  return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
}
