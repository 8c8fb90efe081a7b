import type { PortalHome } from '../../../contract/portal.ts';
import { say } from '../texts/say.ts';
import { Icon } from './icons.tsx';

/** The place whose code was scanned (已识别的地点). */
export function SiteCard({ site }: { site: NonNullable<PortalHome['site']> }) {
  return (
    <section class="asset" aria-label={say('report.site')}>
      <span class="asset-icon"><Icon name="place" /></span>
      <div>
        <p class="asset-name">{site.name}</p>
        {site.address !== null && <p class="asset-facts">{site.address}</p>}
      </div>
    </section>
  );
}

/** The equipment whose code was scanned (已识别的设备). */
export function AssetCard({ asset }: { asset: NonNullable<PortalHome['asset']> }) {
  return (
    <section class="asset" aria-label={say('report.asset')}>
      <span class="asset-icon"><Icon name="device" /></span>
      <div>
        <p class="asset-name">{asset.name}</p>
        <p class="asset-facts">{[asset.code, asset.address].filter((part) => part !== null && part !== '').join(' · ')}</p>
      </div>
    </section>
  );
}
