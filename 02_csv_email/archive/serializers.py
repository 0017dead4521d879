"""What may be asked of the slow jobs."""

from rest_framework import serializers


class SecondsSerializer(serializers.Serializer):
    """How long the job takes, in seconds."""

    seconds = serializers.FloatField(min_value=0, max_value=10, default=3)


class StubbornSerializer(serializers.Serializer):
    """Whether the task ignores its soft time limit."""

    stubborn = serializers.BooleanField(default=False)
