package model

import "time"

// ListPage is a part of a list, handed over as it arrives, with what could not be read of it.
type ListPage[T any] struct {
	Items []T
	Gaps  []Gap
}

// ListedImage is one image of a repository, as a list shows it.
type ListedImage struct {
	Base   string // LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/PATH, without tag and digest
	Path   string // inside the repository
	Digest string
	Tags   []string
	Size   int64 // bytes
	Pushed time.Time
}

// Reference names the entry by its first tag, or by its digest when it has none.
func (e ListedImage) Reference() string {
	if len(e.Tags) > 0 {
		return e.Base + ":" + e.Tags[0]
	}
	return e.Base + "@" + e.Digest
}
