package gcp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/guard"
	"whopulls/model"
	"whopulls/text"
)

// The sizes of pages, the largest that Cloud Asset Inventory gives (iam-facts 7.4).
const (
	searchPage = 500
	assetPage  = 1000
)

// bindingQuery finds bindings of Cloud Run service agents, those of deleted members of any kind, and those for everybody.
const bindingQuery = `policy:"serverless-robot-prod.iam.gserviceaccount.com" OR memberTypes:deleted OR memberTypes:allUsers OR memberTypes:allAuthenticatedUsers`

// bindingAssetTypes are what a binding may be on that lets an agent read a repository.
var bindingAssetTypes = []string{repositoryAsset, projectAsset, folderAsset, organizationAsset}

// The asset types that a scan reads.
const (
	organizationAsset = "cloudresourcemanager.googleapis.com/Organization"
	folderAsset       = "cloudresourcemanager.googleapis.com/Folder"
	projectAsset      = "cloudresourcemanager.googleapis.com/Project"
	repositoryAsset   = "artifactregistry.googleapis.com/Repository"
	serviceAsset      = "run.googleapis.com/Service"
	jobAsset          = "run.googleapis.com/Job"
	poolAsset         = "run.googleapis.com/WorkerPool"
	revisionAsset     = "run.googleapis.com/Revision"
)

const (
	permSearchPolicies model.Permission = "cloudasset.assets.searchAllIamPolicies"
	permListAssets     model.Permission = "cloudasset.assets.listResource"
)

// Scan reads who may read the repositories of a folder or an organization, by Cloud Asset Inventory. It joins
// the pages as they arrive, and keeps only what runs in projects whose agents have a binding. What the index
// lacks is read as Survey does. The StaleList is that of the Situation, judged while it was read. It needs
// roles/cloudasset.viewer on the scope.
//
// An error means that there is no Situation to speak of: ctx ended, the bindings could not be searched, or every call
// failed. What was read so far is kept then, and before it from time to time, for a scan that resumes.
func (c *Cloud) Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error) {
	s := &scan{cloud: c, scope: scope, options: o, checkpoint: newCheckpoint(), savedAt: time.Now()}
	if o.Resume {
		s.resume()
	}
	s.rebuildIndex()
	ctx = transport.WithCallOptions(ctx, transport.CallOptions{Project: o.Project})
	if err := s.readIndex(ctx); err != nil {
		s.save()
		return model.Situation{}, model.StaleList{}, err
	}
	return s.finish(ctx)
}

// scan is one run of Scan.
type scan struct {
	cloud   *Cloud
	scope   model.Resource
	options model.ScanOptions

	agents               map[string]bool            // numbers of projects whose agent holds a binding
	projectsWithBindings map[string]bool            // projects that hold a place, by ID and by number
	hasUpperBindings     bool                       // a place is a folder or an organization
	awaitedRevisions     map[string]*model.Revision // that serve, and whose images are to come

	mu         sync.Mutex // of what follows
	checkpoint *checkpoint
	savedAt    time.Time
	found      throttle // of what is shown of it
}

// readIndex takes the bindings first, and then the streams of assets, two at a time: a page is large. Revisions wait for
// services and worker pools, which name those that serve.
func (s *scan) readIndex(ctx context.Context) error {
	if err := s.searchBindings(ctx); err != nil {
		return err
	}
	s.found.reset()
	s.found.offer(s.options.Found, s.bindingsFound)
	group, ctx := errgroup.WithContext(ctx)
	pools := make(chan struct{}) // closed when they were read
	group.Go(guard.Task(func() error {
		err := s.listAssets(ctx, poolAsset)
		close(pools)
		for _, kind := range []string{projectAsset, repositoryAsset, jobAsset} {
			if err == nil {
				err = s.listAssets(ctx, kind)
			}
		}
		return err
	}))
	group.Go(guard.Task(func() error {
		if err := s.listAssets(ctx, serviceAsset); err != nil {
			return err
		}
		if <-pools; len(s.awaitedRevisions) == 0 {
			return nil
		}
		return s.listAssets(ctx, revisionAsset)
	}))
	return group.Wait()
}

func (s *scan) searchBindings(ctx context.Context) error {
	a := operation{action: "search the allow policies of " + describe(s.scope), resource: s.scope, permission: permSearchPolicies}
	state, guard := s.checkpoint.stream(searchStream), transport.PageGuard{}
	for !state.Done {
		if err := s.cloud.searchQuota.wait(ctx); err != nil {
			return err
		}
		it := s.cloud.clients.Assets.SearchAllIamPolicies(ctx, &assetpb.SearchAllIamPoliciesRequest{Scope: s.scope.Path(),
			Query: bindingQuery, AssetTypes: bindingAssetTypes})
		page, next, err := fetchShrinking(searchPage, state.Token, it.InternalFetch)
		if err == nil {
			err = s.checkNextPage(&guard, next)
		}
		if err != nil {
			return s.callError(ctx, a, err)
		}
		s.mu.Lock()
		for _, r := range page {
			s.addBindings(r)
		}
		s.endPage(state, next, len(page))
		s.found.offer(s.options.Found, s.bindingsFound)
		s.mu.Unlock()
	}
	return nil
}

// callError makes an error of a call that ended the scan.
func (s *scan) callError(ctx context.Context, a operation, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the scan was interrupted: %w", context.Cause(ctx))
	}
	if broke := transport.AsConnectionError(err); broke != nil {
		return broke
	}
	return &ScanError{Scope: s.scope, Gap: a.gap(transport.ParseError(err)), Err: err}
}

// ScanError is a call without which there is no answer.
type ScanError struct {
	Scope model.Resource
	Gap   model.Gap
	Err   error
}

// Error says why, in one sentence.
func (r *ScanError) Error() string { return r.Gap.Reason }

// Hint says what helps, a line for each thing.
func (r *ScanError) Hint() string { return strings.Join(r.Hints(), "\n") }

// Hints say what helps.
func (r *ScanError) Hints() (lines []string) {
	if r.Gap.Next != "" {
		lines = append(lines, r.Gap.Next)
	}
	if r.Gap.Need != "" {
		lines = append(lines, "it takes roles/cloudasset.viewer on "+describe(r.Scope)+", which holds "+string(r.Gap.Need))
	}
	return lines
}

// Unwrap gives Google's own error.
func (r *ScanError) Unwrap() error { return r.Err }

// listAssets reads one asset type. Where it can't be read nothing is lost but time: what runs is looked at directly then.
func (s *scan) listAssets(ctx context.Context, kind string) error {
	a := operation{action: "list the assets " + kind + " of " + describe(s.scope), resource: s.scope, permission: permListAssets}
	s.mu.Lock()
	state := s.checkpoint.stream(kind)
	if state.Token == "" && state.Time.IsZero() {
		state.Time = s.checkpoint.Time // the same for all of a stream's pages, as its tokens want it
	}
	s.mu.Unlock()
	req := &assetpb.ListAssetsRequest{Parent: s.scope.Path(), AssetTypes: []string{kind}, ContentType: assetpb.ContentType_RESOURCE}
	if !state.Time.IsZero() {
		req.ReadTime = timestamppb.New(state.Time)
	}
	for guard := (transport.PageGuard{}); !state.Done; {
		if err := s.cloud.assetQuota.wait(ctx); err != nil {
			return err
		}
		it := s.cloud.clients.Assets.ListAssets(ctx, req)
		page, next, err := fetchShrinking(assetPage, state.Token, it.InternalFetch)
		if err == nil {
			err = s.checkNextPage(&guard, next)
		}
		if err != nil {
			if ctx.Err() != nil || transport.AsConnectionError(err) != nil {
				return s.callError(ctx, a, err)
			}
			s.mu.Lock()
			s.checkpoint.Lacks = append(s.checkpoint.Lacks, a.gap(transport.ParseError(err)).Reason)
			state.Done = true
			s.mu.Unlock()
			return nil
		}
		parsed := s.parsePage(page)
		s.mu.Lock()
		if answer, ok := it.Response.(*assetpb.ListAssetsResponse); ok {
			s.setReadTime(answer.GetReadTime())
		}
		s.addPage(parsed)
		s.endPage(state, next, len(page))
		s.mu.Unlock()
	}
	return nil
}

// fetchShrinking asks for smaller pages where one is larger than an answer may be.
func fetchShrinking[P any](size int, token string, getPage transport.FetchPage[P]) (page []P, next string, err error) {
	for {
		page, next, err = getPage(size, token)
		if size /= 2; size == 0 || err == nil || transport.ParseError(err).Exceeded == "" {
			return page, next, err
		}
	}
}

// checkNextPage turns to the next page of a stream, unless there is no end to it, or to what is kept.
func (s *scan) checkNextPage(guard *transport.PageGuard, next string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.checkpoint.size() > limits.Entries {
		return transport.LimitErrorf("the scan found more than %d entries", limits.Entries)
	}
	if next == "" {
		return nil
	}
	return guard.Advance(next)
}

// setReadTime remembers of which time the first answer is: the others are asked for the same.
func (s *scan) setReadTime(t *timestamppb.Timestamp) {
	if t != nil && s.checkpoint.Time.IsZero() {
		s.checkpoint.Time = t.AsTime()
	}
}

// saveInterval is how much of a scan is done again at most after the machine went down.
const saveInterval = 30 * time.Second

// endPage ends a page.
func (s *scan) endPage(state *scanStream, next string, n int) {
	state.Token, state.Done = next, next == ""
	state.Read += n
	if s.options.Progress != nil {
		s.options.Progress(s.progress())
	}
	if time.Since(s.savedAt) > saveInterval {
		s.saveLocked()
	}
}

func (s *scan) progress() model.ScanProgress {
	p := model.ScanProgress{Bindings: s.checkpoint.Bindings}
	for _, at := range s.checkpoint.Streams {
		p.Assets += at.Read
	}
	return p
}

// finish judges what is missing, and reads it directly.
func (s *scan) finish(ctx context.Context) (model.Situation, model.StaleList, error) {
	situation := s.toSituation()
	if s.options.Progress != nil {
		p := s.progress()
		p.Direct = true
		s.options.Progress(p)
	}
	situation.Time = s.cloud.now()
	var rounds model.StaleRounds
	s.found.reset()
	situation, err := s.cloud.continueRead(ctx, situation, rounds.Wants, func(now model.Situation) {
		s.found.offer(s.options.Found, func() model.StaleList { return rounds.SoFar(now) })
	}, true)
	if err != nil {
		s.save()
		return model.Situation{}, model.StaleList{}, err
	}
	s.removeCheckpoint()
	index := *situation.Index
	index.Notes = s.notes(len(situation.Inventories))
	situation.Index = &index
	return situation, rounds.List(situation), nil
}

// notes say what the index does not tell.
func (s *scan) notes(direct int) []string {
	notes := slices.Clone(s.checkpoint.Lacks)
	if direct > 0 {
		notes = append(notes, "in "+text.CountNoun(direct, "project")+", where the index shows no use, what runs was looked at directly")
	}
	return notes
}

// rateLimiter lets so many calls through in any minute, which is how Google counts (iam-facts 7.4). Zero: all.
type rateLimiter struct {
	perMinute int
	mu        sync.Mutex
	sent      []time.Time
}

func (w *rateLimiter) wait(ctx context.Context) error {
	for {
		w.mu.Lock()
		now := time.Now()
		w.sent = slices.DeleteFunc(w.sent, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
		if w.perMinute == 0 || len(w.sent) < w.perMinute {
			w.sent = append(w.sent, now)
			w.mu.Unlock()
			return nil
		}
		free := w.sent[0].Add(time.Minute)
		w.mu.Unlock()
		if !transport.Sleep(ctx, time.Until(free)) {
			return fmt.Errorf("the scan was interrupted: %w", context.Cause(ctx))
		}
	}
}

// projectNumber is that of the project an asset is in; empty for a folder or an organization.
func projectNumber(ancestors []string) string {
	if len(ancestors) == 0 {
		return ""
	}
	number, _ := strings.CutPrefix(ancestors[0], "projects/")
	if number == ancestors[0] {
		return ""
	}
	return number
}
