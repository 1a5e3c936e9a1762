"""What the tab shows, one file a part of the page."""
