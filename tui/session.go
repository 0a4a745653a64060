package tui

import (
	"context"
	"sync"
)

// session is what every screen is given: the program's context, the connection, the looks.
type session struct {
	ctx       context.Context
	opts      Options
	connector *connector
	recent    []Recent // shown in the lists; of the update loop alone
	styles    *styles
	writes    *sync.WaitGroup // changes under way, which the program waits for before it ends
	changes   *changes
}

// pagingKeys names the two keys that page, for a sentence.
func (e *session) pagingKeys(takesText bool) string {
	return e.opts.Keys.symbol(intentPageUp, takesText) + " and " + e.opts.Keys.symbol(intentPageDown, takesText)
}
