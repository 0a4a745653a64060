package ui

// MoveCursor gives the cursor after a movement through count lines.
func MoveCursor(i Intent, cursor, count, page int) int {
	switch i {
	case IntentUp:
		cursor--
	case IntentDown:
		cursor++
	case IntentPageUp:
		cursor -= page
	case IntentPageDown:
		cursor += page
	case IntentFirst:
		cursor = 0
	case IntentLast:
		cursor = count - 1
	}
	return max(0, min(cursor, count-1))
}

// ScrollOffset keeps the cursor inside the visible part.
func ScrollOffset(cursor, offset, room, count int) int {
	if cursor < offset {
		offset = cursor
	}
	if cursor >= offset+room {
		offset = cursor - room + 1
	}
	return max(0, min(offset, count-room))
}
