package model

import "time"

// ListPage is a part of a list, handed over as it arrives, with what could not be read of it.
type ListPage[T any] struct {
	Items []T
	Gaps  []Gap
}

// WorkloadSearch is what a search for workloads found.
type WorkloadSearch struct {
	Found []FoundWorkload
	More  bool // there is more than was asked for
}

// FoundWorkload is a workload that a search found, and the project that runs it.
type FoundWorkload struct {
	Project string
	WorkloadName
}

// ListedImage is one image of a repository, as a list shows it.
type ListedImage struct {
	Base   Image  // LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/PATH, without tag and digest
	Path   string // inside the repository
	Digest string
	Tags   []string
	Size   int64 // bytes
	Pushed time.Time
}

// Reference names the entry by its first tag, or by its digest when it has none.
func (e ListedImage) Reference() Image { return e.References()[0] }

// References names the entry by each of its tags, or by its digest when it has none.
func (e ListedImage) References() (all []Image) {
	image := e.Base
	for _, image.Tag = range e.Tags {
		all = append(all, image.Full())
	}
	if len(all) == 0 {
		image.Tag, image.Digest = "", e.Digest
		all = []Image{image.Full()}
	}
	return all
}
