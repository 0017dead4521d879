"""What may be asked of the report."""

from rest_framework import serializers


class AgeRangeSerializer(serializers.Serializer):
    """Which ages the report is about; both ends belong to it, and both may be left out."""

    min_age = serializers.IntegerField(
        min_value=0, max_value=150, required=False, default=0
    )
    max_age = serializers.IntegerField(
        min_value=0, max_value=150, required=False, default=150
    )

    def validate(self, ages):
        if ages["min_age"] > ages["max_age"]:
            raise serializers.ValidationError("min_age is larger than max_age.")
        return ages
