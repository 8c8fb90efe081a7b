import './styles/portal.css';
import './styles/report.css';
import './styles/progress.css';
import { useEffect } from 'preact/hooks';
import { address } from './address.ts';
import { portalPath, type Address } from './read-address.ts';
import { Home } from './home.tsx';
import { Mine } from './mine.tsx';
import { loadOrganization, organization } from './organization.ts';
import { Frame } from './parts/frame.tsx';
import { Blank, Problem, Waiting } from './parts/notice.tsx';
import { PictureViewer } from './parts/viewer.tsx';
import { ProgressPage } from './progress/page.tsx';
import { Report } from './report/page.tsx';
import { Sent } from './report/sent.tsx';
import { Scan } from './scan.tsx';
import { SignIn } from './sign-in.tsx';
import { say, spoken } from './texts/say.ts';

/** The customers' portal (客户门户). */
export function App() {
  const place = address.value;
  // The categories' names come in both languages, but sentences of the server in the one asked for.
  const language = spoken.value;
  return (
    <>
      {place.page === 'progress' ? (
        <ProgressPage key={`${place.token} ${language}`} token={place.token} />
      ) : place.page === 'scan' ? (
        <Scan key={place.token} token={place.token} />
      ) : place.page === 'unknown' ? (
        <Frame name="" home={null}>
          <Blank title={say('home.unknown')} hint={say('home.unknownHint')} />
        </Frame>
      ) : (
        <OrganizationPages place={place} />
      )}
      <PictureViewer />
    </>
  );
}

type Inside = Exclude<Address, { page: 'progress' | 'scan' | 'unknown' }>;

function OrganizationPages({ place }: { place: Inside }) {
  const state = organization.value;
  const load = (): void => void loadOrganization(place.organization, place.asset);
  useEffect(load, [place.organization, place.asset]);

  const known = state.kind === 'known' ? state.home : null;
  useEffect(() => {
    if (known !== null) document.title = known.organization.name;
    // A new page begins at its title, for those who hear it.
    document.querySelector<HTMLElement>('h1[tabindex]')?.focus({ preventScroll: true });
  }, [known, place.page]);

  if (state.kind === 'loading') {
    return (
      <Frame name="" home={null}>
        <Waiting text={say('problem.loading')} />
      </Frame>
    );
  }
  if (state.kind === 'failed') {
    return (
      <Frame name="" home={null}>
        {state.problem.status === 404 ? (
          <Blank title={say('home.unknown')} hint={say('home.unknownHint')} />
        ) : (
          <Problem error={state.problem} onRetry={load} />
        )}
      </Frame>
    );
  }
  const { home } = state;
  const atHome = place.page === 'home';
  return (
    <Frame name={home.organization.name} home={`${portalPath(home.organization.slug)}${location.search}#home`} back={atHome ? undefined : '#home'}>
      {place.page === 'home' && <Home home={home} />}
      {place.page === 'report' && <Report key={place.category ?? ''} home={home} category={place.category} assetToken={place.asset} />}
      {place.page === 'sent' && <Sent home={home} token={place.token} />}
      {place.page === 'mine' && <Mine home={home} />}
      {place.page === 'signIn' && <SignIn home={home} />}
    </Frame>
  );
}
