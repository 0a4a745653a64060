package tui

// moveCursor gives the cursor after a movement through count lines.
func moveCursor(i intent, cursor, count, page int) int {
	switch i {
	case intentUp:
		cursor--
	case intentDown:
		cursor++
	case intentPageUp:
		cursor -= page
	case intentPageDown:
		cursor += page
	case intentFirst:
		cursor = 0
	case intentLast:
		cursor = count - 1
	}
	return max(0, min(cursor, count-1))
}

// scrollOffset keeps the cursor inside the visible part.
func scrollOffset(cursor, offset, room, count int) int {
	if cursor < offset {
		offset = cursor
	}
	if cursor >= offset+room {
		offset = cursor - room + 1
	}
	return max(0, min(offset, count-room))
}
