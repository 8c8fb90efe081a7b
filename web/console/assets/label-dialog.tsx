import { useQuery } from '@tanstack/react-query';
import { Button, InputNumber, Modal, Select } from 'antd';
import { useRef, useState } from 'react';
import { assetLimits, labelSizes, labelsOnPage, type Asset } from '../../../contract/asset.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useAssetTexts } from './texts.ts';
import styles from './label-dialog.module.css';

type Size = (typeof labelSizes)[number];
const key = 'bihuan.labelSize';

function usualSize(): Size {
  try {
    return labelSizes.find((size) => size === localStorage.getItem(key)) ?? 'a4';
  } catch {
    // The storage may be closed.
    return 'a4';
  }
}

/** Prints the QR labels of assets or places (打印标签): on sheets or a label printer, seen beforehand in their true proportions. */
export function LabelDialog({ assets, of = 'assets', onClose }: { assets: readonly Pick<Asset, 'id' | 'name'>[]; of?: 'assets' | 'sites'; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useAssetTexts();
  const [size, setSize] = useState<Size>(usualSize);
  const [skip, setSkip] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  const onPage = labelsOnPage[size];
  const used = Math.min(skip, onPage - 1);
  const ids = assets.map((asset) => asset.id).slice(0, assetLimits.labels);
  const sheet = useQuery({
    queryKey: [of, 'labels', ids, size, used],
    queryFn: async ({ signal }) => (await api.post<string>(`/${of}/labels`, { ids, size, ...(used === 0 ? {} : { skip: used }) }, { as: 'text', signal })).data,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });

  function choose(next: Size): void {
    setSize(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // It holds for this time, then.
    }
  }

  return (
    <Modal
      open
      width={960}
      title={say('print.title')}
      onCancel={onClose}
      destroyOnHidden
      footer={
        <div className={styles.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" icon={<Icon name="print" />} disabled={sheet.data === undefined || sheet.isPlaceholderData} onClick={() => frame.current?.contentWindow?.print()}>{say('print.print')}</Button>
        </div>
      }
    >
      <div className={styles.choices}>
        <label className={styles.choice}>
          <span>{say('print.size')}</span>
          <Select className={styles.size} aria-label={say('print.size')} value={size} options={labelSizes.map((value) => ({ value, label: say(`print.${value}`) }))} onChange={choose} />
        </label>
        {onPage > 1 && (
          <label className={styles.choice}>
            <span>{say('print.skip')}</span>
            <InputNumber aria-label={say('print.skip')} min={0} max={onPage - 1} precision={0} value={used} suffix={say('print.skipUnit')} onChange={(value) => setSkip(value ?? 0)} />
          </label>
        )}
        <span className={styles.count}>{say('print.count', { count: ids.length, pages: Math.ceil((ids.length + used) / onPage) })}</span>
      </div>
      {sheet.isError && <ProblemAlert error={sheet.error} onRetry={() => void sheet.refetch()} />}
      {/* Nothing runs in it: the page is a drawing. Only its printing is asked for from here. */}
      <iframe ref={frame} className={styles.preview} title={say('print.preview')} sandbox="allow-same-origin allow-modals" srcDoc={sheet.data ?? ''} />
      <p className={styles.hint}>{say('print.hint')}</p>
    </Modal>
  );
}
