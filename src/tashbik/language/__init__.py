"""Arabic, French and English as they are written: spelling, words, numbers, names, and the sentence encoder."""
