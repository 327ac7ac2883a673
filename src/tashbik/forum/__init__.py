"""Meetings of a forum: reading, scheduling, checking. (Façade.)"""
