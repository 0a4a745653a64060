package tui

import (
	"context"
	"sync"
)

// env is what every screen is given: the program's context, the connection, the looks.
type env struct {
	ctx     context.Context
	opts    Options
	link    *link
	recent  []Recent // shown in the lists; of the update loop alone
	looks   *theme
	writes  *sync.WaitGroup // changes under way, which the program waits for before it ends
	changes *changes
}

// paging names the two keys that page, for a sentence.
func (e *env) paging(typing bool) string {
	return e.opts.Keys.sign(intentPageUp, typing) + " and " + e.opts.Keys.sign(intentPageDown, typing)
}
