import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { VisitSummary } from '../../../contract/visit.ts';
import { problemFrom } from '../../ui/api-problem.ts';
import { asProblem } from '../../ui/api.ts';
import { language } from '../../ui/preferences.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { saveFile } from '../parts/save-file.ts';

/** The service report of a visit as PDF (服务报告), in the language of whoever takes it. */
export function ReportButton({ visit, number }: { visit: VisitSummary; number: string }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const take = useMutation({
    mutationFn: async () => {
      const response = await fetch(`/api/v1/visits/${visit.id}/report`, { headers: { 'accept-language': language() }, credentials: 'same-origin' });
      if (!response.ok) throw problemFrom(response.status, await response.text(), (name) => response.headers.get(name));
      return response.blob();
    },
    onSuccess: (file) => saveFile(file, `${t('visit.report')}-${number}.pdf`),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return <Button size="small" icon={<Icon name="download" size={14} />} loading={take.isPending} onClick={() => take.mutate()}>{t('visit.reportPdf')}</Button>;
}
