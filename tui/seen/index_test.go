package seen

import (
	"fmt"
	"iter"
	"sync"
	"testing"

	"whopulls/model"
)

// pagesOf is a list of pages.
func pagesOf[T any](pages ...[]T) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for _, items := range pages {
			if !yield(model.ListPage[T]{Items: items}, nil) {
				return
			}
		}
	}
}

// drain reads a list to its end.
func drain[T any](pages iter.Seq2[model.ListPage[T], error]) (items []T) {
	for page := range pages {
		items = append(items, page.Items...)
	}
	return items
}

func describe(items []*Item) (lines []string) {
	for _, i := range items {
		line := i.Kind + " | " + i.Title + " | " + i.Detail
		if i.Searched {
			line += " | searched"
		}
		lines = append(lines, line)
	}
	return lines
}

func workload(kind model.WorkloadKind, name, region string) model.Workload {
	return model.Workload{WorkloadName: model.WorkloadName{Kind: kind, Name: name, Region: region}}
}

var repository = model.RepositoryName{Project: "images", Location: "asia-northeast1", ID: "myrepo"}

func TestWhatListsBringIsKept(t *testing.T) {
	for _, test := range []struct {
		name string
		read func(x *Index)
		want []string
	}{
		{"nothing", func(*Index) {}, nil},
		{"projects in two pages", func(x *Index) {
			drain(x.Projects(pagesOf([]model.Project{{ID: "shop", Number: "1", Name: "My shop"}}, []model.Project{{ID: "data", Number: "2", Name: "data"}})))
		}, []string{"project | shop | 1 · My shop", "project | data | 2"}},
		{"the same workload of two regions", func(x *Index) {
			drain(x.Workloads("shop", pagesOf([]model.Workload{workload(model.Service, "web", "r1"), workload(model.Service, "web", "r2"), workload(model.WorkerPool, "web", "r1")})))
		}, []string{"service | web | shop · r1", "service | web | shop · r2", "worker pool | web | shop · r1"}},
		{"a list that is read twice", func(x *Index) {
			drain(x.Workloads("shop", pagesOf([]model.Workload{workload(model.Job, "etl", "r1")})))
			drain(x.Workloads("shop", pagesOf([]model.Workload{workload(model.Job, "etl", "r1")})))
		}, []string{"job | etl | shop · r1"}},
		{"the same name in another project", func(x *Index) {
			drain(x.Workloads("shop", pagesOf([]model.Workload{workload(model.Job, "etl", "r1")})))
			drain(x.Workloads("data", pagesOf([]model.Workload{workload(model.Job, "etl", "r1")})))
		}, []string{"job | etl | shop · r1", "job | etl | data · r1"}},
		{"a repository", func(x *Index) {
			drain(x.Repositories(pagesOf([]model.Repository{{Name: repository}})))
		}, []string{"repository | myrepo | images · asia-northeast1"}},
		{"images", func(x *Index) {
			drain(x.Images(repository, pagesOf([]model.ListedImage{{Path: "web", Tags: []string{"v1", "latest"}, Digest: "sha256:9f86d081884c7d65"}, {Path: "old", Base: model.ImageOf("b")}})))
		}, []string{"image | web:v1,latest | images/myrepo · sha256:9f86d081884c", "image | old | images/myrepo"}},
		{"what a search found, before and after its list", func(x *Index) {
			found := func(name string) model.FoundWorkload {
				return model.FoundWorkload{Project: "shop", WorkloadName: model.WorkloadName{Kind: model.Job, Name: name, Region: "r1"}}
			}
			x.Found([]model.FoundWorkload{found("etl"), found("web\x1b")})
			drain(x.Workloads("shop", pagesOf([]model.Workload{workload(model.Job, "etl", "r1"), workload(model.Job, "old", "r1")})))
			x.Found([]model.FoundWorkload{found("etl"), found("old")})
		}, []string{"job | etl | shop · r1", "job | web\ufffd | shop · r1 | searched", "job | old | shop · r1"}},
		{"what others wrote", func(x *Index) {
			drain(x.Projects(pagesOf([]model.Project{{ID: "shop", Name: "a\x1b[31mred"}})))
		}, []string{"project | shop | a\ufffd[31mred"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := New()
			test.read(x)
			if got := describe(x.Items()); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A later reading replaces the details, but not in what somebody is searching meanwhile.
func TestALaterReadingReplacesTheDetails(t *testing.T) {
	x := New()
	drain(x.Projects(pagesOf([]model.Project{{ID: "shop", Name: "old"}})))
	before := x.Items()
	drain(x.Projects(pagesOf([]model.Project{{ID: "shop", Name: "new"}})))
	if before[0].Detail != "old" || x.Items()[0].Detail != "new" {
		t.Errorf("%v, and then %v", describe(before), describe(x.Items()))
	}
}

// A list arrives as the cloud gives it, and ends when its reader has enough.
func TestListsAreHandedOn(t *testing.T) {
	x := New()
	list := pagesOf([]model.Project{{ID: "a"}}, []model.Project{{ID: "b"}})
	if got := drain(x.Projects(list)); len(got) != 2 {
		t.Errorf("%v", got)
	}
	x = New()
	for range x.Projects(list) {
		break
	}
	if got := x.Items(); len(got) != 1 {
		t.Errorf("%v", describe(got))
	}
}

func TestTheIndexIsBounded(t *testing.T) {
	x := New()
	x.limit = 2
	drain(x.Projects(pagesOf([]model.Project{{ID: "a"}, {ID: "b"}})))
	if x.Full() {
		t.Error("it is full with as many as it holds")
	}
	drain(x.Projects(pagesOf([]model.Project{{ID: "c"}, {ID: "a", Name: "known"}})))
	if got := x.Items(); !x.Full() || len(got) != 2 || got[0].Detail != "known" {
		t.Errorf("full %t: %v", x.Full(), describe(got))
	}
}

// Lists are read side by side, and searched meanwhile.
func TestListsAreReadSideBySide(t *testing.T) {
	x := New()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 50 {
				drain(x.Workloads(fmt.Sprintf("p%d", n), pagesOf([]model.Workload{workload(model.Job, fmt.Sprintf("j%d", i), "r")})))
				_ = describe(x.Items())
			}
		})
	}
	all.Wait()
	if got := len(x.Items()); got != 400 {
		t.Errorf("%d items", got)
	}
}
